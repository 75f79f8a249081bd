// SPDX-License-Identifier: Apache-2.0

internal import Doors
internal import FoundationEssentials
internal import HTTPServer

extension Server.Configuration {
    /// The server of the exporter's endpoints.
    init(_ arguments: Arguments, _ web: WebConfiguration?) throws(PassedSockets.Missing) {
        self.init(addresses: arguments.usesPassedSockets ? [] : arguments.listenAddresses)
        if arguments.usesPassedSockets {
            passedSockets = try PassedSockets.descriptors(environment: ProcessInfo.processInfo.environment)
        }
        maxRequests = arguments.maxRequests
        maxBodySize = 0
        if let web, web.rules.settings.tls != nil { tls = { web.rules.tls } }
    }
}
