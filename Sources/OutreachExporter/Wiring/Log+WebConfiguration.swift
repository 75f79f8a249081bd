// SPDX-License-Identifier: Apache-2.0

internal import Doors

extension Log {
    /// Writes that the web configuration was read again, or what keeps it as it was.
    func writeReread(of error: WebSettingsError?) {
        guard let error else { return info("web configuration read again") }
        self.error("web configuration stays as it was", ["reason": "\(error)", "advice": "mend the file"])
    }
}
