// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer

extension Server.Configuration {
    /// The server of the exporter's endpoints.
    init(_ arguments: Arguments) {
        self.init(addresses: arguments.listenAddresses)
        maxRequests = arguments.maxRequests
        maxBodySize = 0
    }
}
