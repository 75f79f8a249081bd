// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import Testing

/// The simulator as a program of its own, and an exporter's configuration that asks it.
struct SimulatorProgram {
    /// Every provider's path behind the simulator's address.
    private static let paths = ["instantly": "/instantly", "lemlist": "/lemlist/api", "sendkit": "/sendkit"]

    /// The running program.
    let program: Program
    /// Where it listens: `http://127.0.0.1:41234`.
    let url: String

    /// Starts a small world on a free port.
    static func start(speed: Int) async throws -> SimulatorProgram {
        let program = try Program(
            Exporter.path,
            [
                "simulate", "--simulator.listen-address=127.0.0.1:0", "--simulator.speed=\(speed)",
                "--simulator.campaigns=2", "--simulator.steps=2", "--simulator.mailboxes=2",
            ]
        )
        let line = try #require(await program.line { $0.contains("address=") }, "no simulator: \(program.lines)")
        let address = try #require(line.split(separator: " ").first { $0.hasPrefix("address=") })
        let text = address.dropFirst("address=".count)
        return SimulatorProgram(program: program, url: text.hasPrefix("http") ? String(text) : "http://" + text)
    }

    /// A configuration with an account at each provider, asked every second.
    var configuration: String {
        Self.paths.sorted { $0.key < $1.key }.reduce("collection: { interval: 1s, max_staleness: 10m }\naccounts:\n") {
            $0 + "  - { name: \($1.key), provider: \($1.key), api_key: k, base_url: \"\(url)\($1.value)\" }\n"
        }
    }

    /// Switches to these faults and no others.
    func setFaults(_ names: [String]) async throws {
        try await post("/faults", #"{"faults":[\#(names.map { "\"\($0)\"" }.joined(separator: ","))]}"#)
    }

    /// Lets the world run so many seconds in a second.
    func setSpeed(_ speed: Int) async throws {
        try await post("/speed", #"{"speed":\#(speed)}"#)
    }

    private func post(_ path: String, _ body: String) async throws {
        let request = HTTPRequest(
            method: "POST",
            url: url + path,
            headers: [("content-type", "application/json")],
            body: Array(body.utf8)
        )
        #expect(try await Client.send(request).status == 200)
    }
}
