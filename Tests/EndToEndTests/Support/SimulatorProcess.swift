// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import Testing

/// The simulator as a process of its own: a small world whose speed and faults change at run time.
struct SimulatorProcess {
    /// The running program.
    let program: ChildProcess
    /// Where it listens: `http://127.0.0.1:41234`.
    let url: String

    /// Starts it and waits until it listens; `speed` is in simulated seconds per second.
    static func start(
        campaigns: Int = 4,
        speed: Int = 0,
        _ arguments: [String] = []
    ) async throws -> SimulatorProcess {
        let size = ["campaigns=\(campaigns)", "steps=2", "variants=2", "mailboxes=2", "speed=\(speed)"].map {
            "--simulator.\($0)"
        }
        let program = try ChildProcess(ExporterProcess.path, ["simulate"] + size + arguments)
        let line = try #require(await program.line { $0.contains("msg=listening") })
        let address = try #require(line.split(separator: " ").first { $0.hasPrefix("address=") })
        return SimulatorProcess(program: program, url: "http://" + address.dropFirst("address=".count))
    }

    /// A configuration with an account at each provider, collected every second.
    var configuration: String {
        let accounts = TestedProvider.all.map { "  - \(account($0.name, $0.name))\n" }
        return "collection: { interval: 1s, max_staleness: 10m }\naccounts:\n" + accounts.joined()
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
        let base = [
            "name: '\(name)'", "provider: \(provider)", "base_url: '\(url)\(TestedProvider.named(provider).path)'",
        ]
        let names = Set(settings.map { $0.prefix { $0 != ":" } })
        let defaults = TestedProvider.named(provider).settings.filter { !names.contains($0.prefix { $0 != ":" }) }
        return "{" + (base + key + defaults + settings).joined(separator: ", ") + "}"
    }
}

/// What the simulated providers themselves count between two days, asked for campaign by campaign.
struct SimulatorTotals {
    let simulator: SimulatorProcess

    /// Where the messages sent by the campaigns of a vector differ from what their providers say.
    func mistakes(in vector: PrometheusServer.Vector, from start: Int, to end: Int) async throws -> [String] {
        var mistakes = vector.isEmpty ? ["no campaign at all"] : []
        for (labels, value) in vector {
            let expected = try await sent(labels["provider"] ?? "", labels["campaign"] ?? "", start, end)
            if Int(value.rounded()) != expected { mistakes.append("\(labels): \(value) for \(expected)") }
        }
        return mistakes
    }

    private func sent(_ provider: String, _ campaign: String, _ start: Int, _ end: Int) async throws -> Int {
        let dates = [start, end].map { Date(timeIntervalSince1970: Double($0)).formatted(.iso8601) }
        let provider = TestedProvider.named(provider)
        var request = provider.totals(campaign, dates[0], dates[1])
        request.url = simulator.url + provider.path + request.url
        let response = try await Client.send(request)
        try #require(response.status == 200)
        let sent = provider.sent(try JSONSerialization.jsonObject(with: Data(response.body)))
        return try #require(sent)
    }
}
