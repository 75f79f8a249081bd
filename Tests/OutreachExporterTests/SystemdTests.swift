// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import OutreachExporter

@Suite struct SystemdTests {
    @Test("takes the sockets that are meant for this process")
    func found() throws {
        let environment = ["LISTEN_PID": "42", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "a:b"]
        #expect(try PassedSockets.descriptors(environment: environment, process: 42) == [3, 4])
    }

    @Test(
        "says so where there are none",
        arguments: [
            [:], ["LISTEN_FDS": "1"], ["LISTEN_PID": "42"], ["LISTEN_PID": "41", "LISTEN_FDS": "1"],
            ["LISTEN_PID": "42", "LISTEN_FDS": "0"], ["LISTEN_PID": "42", "LISTEN_FDS": "-1"],
            ["LISTEN_PID": "42", "LISTEN_FDS": "many"], ["LISTEN_PID": "42", "LISTEN_FDS": "99999999"],
        ]
    )
    func missing(environment: [String: String]) {
        #expect(throws: PassedSockets.MissingError.self) {
            try PassedSockets.descriptors(environment: environment, process: 42)
        }
    }
}
