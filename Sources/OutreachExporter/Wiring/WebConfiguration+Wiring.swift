// SPDX-License-Identifier: Apache-2.0

internal import Doors
internal import Outreach

extension WebConfiguration {
    /// Reads the doors' configuration, whose later readings show in the log and on the page.
    ///
    /// - Throws: everything that is wrong with it.
    convenience init(file: String, noting reloads: ReloadState, in log: Log) throws(WebSettingsError) {
        try self.init(file: file) { result in
            switch result {
            case .success(let settings):
                reloads.succeed(.web, at: .now)
                log.info("web configuration read again")
                log.warnOfOpenKeys(in: settings.keyFiles)
            case .failure(let error):
                reloads.fail(.web)
                log.error("web configuration stays as it was", ["reason": "\(error)", "advice": "mend the file"])
            }
        }
        log.warnOfOpenKeys(in: rules.settings.keyFiles)
    }
}

extension WebSettings {
    fileprivate var keyFiles: [String] { keyFile.map { [$0] } ?? [] }
}
