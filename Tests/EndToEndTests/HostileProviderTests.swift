// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import Testing

/// The real program against providers that mean harm.
@Suite(.startsPrograms, .timeLimit(.minutes(30))) struct HostileProviderTests {
    @Test("endless, nested and compressed answers cost their account alone, and little memory")
    func payloads() async throws {
        try await withServer({ HostileProviders.answer(to: $0) }) { url in
            let trapped = HostileProviders.payloads.flatMap { payload in
                FaultScenario.providers.map {
                    (name: "\(payload)-\($0)", provider: $0, url: "\(url)/\(payload)")
                }
            }
            let accounts = trapped.map { Self.account($0.name, $0.provider, $0.url) }
            let simulator = try await SimulatorProcess.start()
            let exporter = try await Self.start(accounts + [simulator.account("honest", "sendkit", "interval: 1s")])
            // Where only numbers are unusable, the listing of campaigns is not; SendKit's is of another shape.
            let readable: Set = ["digits-instantly", "digits-lemlist", "exponent-instantly", "exponent-lemlist"]
            // While they all send at once, some of them are only told that there is no room for their answers.
            var seen: Set<String> = []
            let page = try await exporter.page { page in
                seen.formUnion(trapped.map(\.name).filter { page.value("outreach_account_up", $0) == 1 })
                return page.value("outreach_account_up", "honest") == 1
                    && trapped.allSatisfy { page.value("outreach_account_up", $0.name) != nil }
                    && seen.isSuperset(of: readable)
                    && exporter.program.lines.contains {
                        $0.contains("account=gigabyte-") && $0.contains("more than 16777216 bytes")
                    }
            }
            #expect(seen == readable)
            for account in trapped.map(\.name) {
                // A campaign or step whose numbers are none may be shown by its name and its labels.
                let numbers = page.data(of: account).filter { sample in
                    !["_info", "_label"].contains { sample.key.prefix { $0 != "{" }.hasSuffix($0) }
                }
                #expect(numbers == [:], "\(account)")
            }
            let idle = try await Self.idleMemory(simulator)
            let peak = try exporter.program.peakMemory()
            #expect(peak - idle < 150 << 20, "\(peak >> 20) MB, and \(idle >> 20) MB with an honest provider alone")
        }
    }

    @Test("an answer of more values than one may have is not decoded, and its account alone is down, with the reason")
    func values() async throws {
        try await withServer({ HostileProviders.answer(to: $0) }) { url in
            // An answer of 15 MB takes a second to read: each provider has one of the three.
            let payloads = HostileProviders.values
            let trapped = FaultScenario.providers.enumerated().map { index, provider in
                (name: provider, payload: payloads[index % payloads.count])
            }
            let accounts = trapped.map { Self.account($0.name, $0.name, "\(url)/\($0.payload)") }
            let simulator = try await SimulatorProcess.start()
            let exporter = try await Self.start(accounts + [simulator.account("honest", "sendkit", "interval: 1s")])
            _ = try await exporter.page { page in
                page.value("outreach_account_up", "honest") == 1
                    && trapped.map(\.name).allSatisfy { account in
                        page.value("outreach_account_up", account) == 0
                            && exporter.program.lines.contains {
                                $0.contains("account=\(account) ") && $0.contains("more than 600000 values")
                            }
                    }
            }
            let idle = try await Self.idleMemory(simulator)
            let peak = try exporter.program.peakMemory()
            #expect(peak - idle < 150 << 20, "\(peak >> 20) MB, and \(idle >> 20) MB with an honest provider alone")
        }
    }

    /// The most memory that a program takes without hostile accounts, in bytes.
    private static func idleMemory(_ simulator: SimulatorProcess) async throws -> Int {
        let exporter = try await start([simulator.account("honest", "sendkit", "interval: 1s")])
        _ = try await exporter.page { $0.value("outreach_account_up", "honest") == 1 }
        return try exporter.program.peakMemory()
    }

    @Test("a name is one label, whatever stands in it, and an error one line of the log")
    func names() async throws {
        try await withServer({ HostileProviders.answer(to: $0) }) { url in
            let exporter = try await Self.start([
                Self.account("named", "sendkit", "\(url)/names"), Self.account("rude", "instantly", "\(url)/rude"),
            ])
            _ = try await exporter.page {
                $0.value("outreach_account_up", "named") == 1 && $0.value("outreach_account_up", "rude") == 0
            }
            let prometheus = try await PrometheusServer.start(scraping: exporter.url)
            let infos = try await prometheus.query("outreach_campaign_info") {
                $0.count == HostileProviders.names.count
            }
            #expect(Set(infos.compactMap { $0.labels["name"] }) == Set(HostileProviders.names))
            #expect(prometheus.complaints == [])

            let reason = exporter.program.lines.filter { $0.contains("account=rude") }
            #expect(!reason.isEmpty && reason.allSatisfy { $0.contains("all is well") })
            let line = /ts=\S+ level=\w+ msg=.*/
            #expect(exporter.program.lines.allSatisfy { $0.wholeMatch(of: line) != nil && $0.isVisible })
            let status = String(decoding: try await exporter.get("/").body, as: UTF8.self)
            #expect(status.contains("all is well") && !status.contains("<script") && status.isVisible)
        }
    }

    private static func account(_ name: String, _ provider: String, _ url: String) -> String {
        let limits = TestedProvider.named(provider).settings
        let settings = (limits.isEmpty ? ["interval: 10s"] : limits).joined(separator: ", ")
        return "{name: \(name), provider: \(provider), api_key: sk_key, base_url: '\(url)', \(settings)}"
    }

    private static func start(_ accounts: [String]) async throws -> ExporterProcess {
        let directory = try TemporaryDirectory()
        let file = try directory.file("config.yml", "accounts: [\(accounts.joined(separator: ", "))]")
        return try await ExporterProcess.start(["--config.file=\(file)"])
    }
}

extension ChildProcess {
    /// The most memory that was ever resident, in bytes.
    fileprivate func peakMemory() throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)
        let peak = try #require(status.firstMatch(of: /VmHWM:\s+(\d+) kB/)?.1)
        return (Int(peak) ?? 0) << 10
    }
}

extension String {
    /// Whether nothing in it steers a terminal or the reader's eye.
    fileprivate var isVisible: Bool {
        unicodeScalars.allSatisfy { $0 == "\n" || ![.control, .format].contains($0.properties.generalCategory) }
    }
}
