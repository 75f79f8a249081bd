// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Testing

@testable import OutreachExporter

@Suite struct HealthcheckCommandTests {
    private static let usual: ListenAddress = .network(host: nil, port: 10447)

    @Test(
        "Without flags it takes those of the first process, where that is an exporter",
        arguments: [
            ("/usr/local/bin/outreach-exporter\0--web.listen-address=:1\0", .network(host: nil, port: 1)),
            (
                "/sbin/docker-init\0--\0outreach-exporter\0demo\0--web.listen-address\0:2\0",
                .network(host: nil, port: 2)
            ),
            ("/usr/local/bin/outreach-exporter\0", usual), ("/pause\0--web.listen-address=:1\0", usual),
            ("/outreach-exporter\0--nonsense\0", usual), ("", usual),
        ] as [(String, ListenAddress)]
    )
    func firstProcess(commandLine: String, address: ListenAddress) throws {
        let command = HealthcheckCommand(try Arguments(parsing: ["healthcheck"]), firstProcess: Array(commandLine.utf8))
        #expect(command.arguments.listenAddresses == [address])
    }

    @Test("Flags of its own win")
    func ownFlags() throws {
        let arguments = try Arguments(parsing: ["healthcheck", "--web.listen-address=:3"])
        let command = HealthcheckCommand(arguments, firstProcess: Array("outreach-exporter\0".utf8))
        #expect(command.arguments == arguments)
    }
}
