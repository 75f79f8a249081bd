// SPDX-License-Identifier: Apache-2.0

internal import WebConfig
internal import FoundationEssentials
internal import HTTPServer
internal import Outreach

extension Server.Configuration {
    /// The most connections under a limit of open files, with a reserve for providers, storage and the process itself:
    /// a server that took the last descriptor would stop the collection and could not accept another client.
    static func connections(openFiles: Int) -> Int {
        min(mostConnections, max(openFiles - reservedFiles, openFiles / 4))
    }

    /// Whether the limit of open files allows fewer connections than usual.
    var isLimitedByOpenFiles: Bool { maxConnections < Self.mostConnections }

    private static let mostConnections = 4096
    private static let reservedFiles = 256

    /// The server of the exporter's endpoints.
    init(_ arguments: Arguments, _ web: WebConfiguration?) throws(PassedSockets.MissingError) {
        self.init(addresses: arguments.usesPassedSockets ? [] : arguments.listenAddresses)
        if arguments.usesPassedSockets {
            passedSockets = try PassedSockets.descriptors(environment: ProcessInfo.processInfo.environment)
        }
        maxRequests = arguments.maxRequests
        maxBodySize = 0
        maxConnections = Self.connections(openFiles: ProcessSetup.openFiles)
        if let web, web.settings.tls != nil { tls = { web.settings.tls } }
    }
}

extension WebConfiguration {
    /// Reads the web configuration; later readings are logged and counted as reloads.
    ///
    /// - Throws: everything that is wrong with it.
    convenience init(
        file: String,
        accountsFile: String?,
        checking access: AccessCheck,
        noting reloads: ReloadState,
        in log: Log
    ) throws(WebSettingsError) {
        try self.init(file: file, accountsFile: accountsFile) { result in
            switch result {
            case .success(let settings):
                reloads.succeed(.web, at: .now)
                log.info("web configuration read again")
                log.warnOfOpenKeys(in: settings.keyFiles)
                access.follow(settings)
            case .failure(let error):
                reloads.fail(.web)
                log.error("web configuration stays as it was", ["reason": "\(error)", "advice": "correct the file"])
            }
        }
        log.warnOfOpenKeys(in: self.settings.keyFiles)
        access.follow(self.settings)
    }
}

extension WebSettings {
    fileprivate var keyFiles: [String] { keyFile.map { [$0] } ?? [] }
}
