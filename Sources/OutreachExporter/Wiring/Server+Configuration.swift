// SPDX-License-Identifier: Apache-2.0

internal import Doors
internal import FoundationEssentials
internal import HTTPServer

extension Server.Configuration {
    /// As many connections as the limit of open files leaves when providers, storage and the process itself have theirs:
    /// a server that takes the last descriptor stops the collection, and could not even take another client.
    static func connections(openFiles: Int) -> Int {
        min(mostConnections, max(openFiles - reservedFiles, openFiles / 4))
    }

    /// Whether the limit of open files is what bounds the clients.
    var isCramped: Bool { maxConnections < Self.mostConnections }

    private static let mostConnections = 4096
    private static let reservedFiles = 256

    /// The server of the exporter's endpoints.
    init(_ arguments: Arguments, _ web: WebConfiguration?) throws(PassedSockets.Missing) {
        self.init(addresses: arguments.usesPassedSockets ? [] : arguments.listenAddresses)
        if arguments.usesPassedSockets {
            passedSockets = try PassedSockets.descriptors(environment: ProcessInfo.processInfo.environment)
        }
        maxRequests = arguments.maxRequests
        maxBodySize = 0
        maxConnections = Self.connections(openFiles: Limits.openFiles)
        if let web, web.rules.settings.tls != nil { tls = { web.rules.tls } }
    }
}
