// SPDX-License-Identifier: Apache-2.0

internal import Doors
internal import HTTPServer

extension Server.Configuration {
    /// The server of the exporter's endpoints.
    init(_ arguments: Arguments, _ web: WebConfiguration?) {
        self.init(addresses: arguments.listenAddresses)
        maxRequests = arguments.maxRequests
        maxBodySize = 0
        if let web, web.rules.settings.tls != nil { tls = { web.rules.tls } }
    }
}
