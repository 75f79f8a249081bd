// SPDX-License-Identifier: Apache-2.0

import HTTPClient
import Testing

/// The simulator as a program of its own: its world small and standing still, its faults switched at run time.
struct SimulatedProviders {
    /// The part of a base URL behind the simulator's address.
    static let paths = ["instantly": "/instantly", "lemlist": "/lemlist/api", "sendkit": "/sendkit"]

    /// The running program.
    let program: Program
    /// Where it listens: `http://127.0.0.1:41234`.
    let url: String

    /// Starts it and waits until it listens.
    static func start(campaigns: Int = 4, _ arguments: [String] = []) async throws -> SimulatedProviders {
        let size = ["campaigns=\(campaigns)", "steps=2", "variants=2", "mailboxes=2", "speed=0"].map {
            "--simulator.\($0)"
        }
        let program = try Program(Exporter.path, ["simulate"] + size + arguments)
        let line = try #require(await program.line { $0.contains("msg=listening") })
        let address = try #require(line.split(separator: " ").first { $0.hasPrefix("address=") })
        return SimulatedProviders(program: program, url: "http://" + address.dropFirst("address=".count))
    }

    /// Puts these faults in the place of those that are on.
    func set(faults: [String]) async throws {
        let names = faults.map { "\"\($0)\"" }.joined(separator: ",")
        try await post("/faults", "{\"faults\":[\(names)]}")
    }

    /// Lets so many seconds pass in the simulated world with every second.
    func set(speed: Int) async throws {
        try await post("/speed", "{\"speed\":\(speed)}")
    }

    private func post(_ path: String, _ body: String) async throws {
        let response = try await Client.send(HTTPRequest(method: "POST", url: url + path, body: Array(body.utf8)))
        try #require(response.status == 200)
    }

    /// An account at this simulator, as an entry of a configuration file.
    func account(_ name: String, _ provider: String, _ settings: String...) -> String {
        let key = settings.contains { $0.hasPrefix("api_key") } ? [] : ["api_key: sk_key"]
        let base = ["name: '\(name)'", "provider: \(provider)", "base_url: '\(url)\(Self.paths[provider] ?? "")'"]
        return "{" + (base + key + settings).joined(separator: ", ") + "}"
    }
}
