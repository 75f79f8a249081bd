// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

extension String {
    /// What an `Authorization` header holds behind its scheme; `nil` for another scheme and for no good key.
    func credentials(of scheme: String) -> String? {
        let parts = split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == scheme.lowercased() else { return nil }
        return String(parts[1]).goodKey
    }

    /// This key, unless it is empty or begins with `bad-`: the only keys that the simulator does not know.
    var goodKey: String? { isEmpty || hasPrefix("bad-") ? nil : self }

    /// The text behind a Base64 encoding.
    var decodedBase64: String? {
        Data(base64Encoded: self).flatMap { String(validating: $0, as: UTF8.self) }
    }
}
