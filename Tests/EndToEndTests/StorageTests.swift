// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import TestSupport
import Testing

/// What outlives the program.
@Suite(.startsPrograms, .timeLimit(.minutes(30))) struct StorageTests {
    @Test("a restart serves the saved numbers at once, also while the provider is down")
    func restart() async throws {
        let simulator = try await SimulatorProcess.start()
        let directory = try TemporaryDirectory()
        let accounts = FaultScenario.providers.map { simulator.account("kept in \($0)", $0) }
        let file = try directory.file(
            "config.yml",
            "collection: {interval: 1s, max_staleness: 1h}\nstorage: {path: reports}\n"
                + "accounts: [\(accounts.joined(separator: ", "))]"
        )
        let first = try await ExporterProcess.start(["--config.file=\(file)"])
        try await first.ready()
        let before = try MetricsPage(try await first.get("/metrics"))
        #expect(before.data.count > 200)
        await first.expectStop()
        let stopped = Date().timeIntervalSince1970

        let folder = "\(directory.path)/reports"
        #expect(try Self.mode(folder) == 0o700)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(files.sorted() == FaultScenario.providers.sorted().map { "kept%20in%20\($0).json" } + ["lock"])
        for name in files { #expect(try Self.mode("\(folder)/\(name)") == 0o600) }

        try await simulator.set(faults: ["drop-connection"])
        let second = try await ExporterProcess.start(["--config.file=\(file)"])
        let data = { (page: MetricsPage) in page.data.filter { !$0.isOfStandstill } }
        let page = try await second.page { data($0).count == data(before).count }
        #expect(try await second.get("/-/ready").status == 200)
        #expect(data(page) == data(before))
        for provider in FaultScenario.providers {
            let account = "kept in \(provider)"
            #expect((before.lastSuccess(account)...stopped).contains(page.lastSuccess(account)))
        }
        let restored = second.program.lines.count { $0.contains("data of an earlier run restored") }
        #expect(restored == FaultScenario.providers.count)
        await second.expectStop()
    }

    @Test("a damaged file is set aside with a warning, and the account is collected anew")
    func damage() async throws {
        let simulator = try await SimulatorProcess.start()
        let directory = try TemporaryDirectory()
        let file = try directory.file("config.yml", "accounts: [\(simulator.account("a", "sendkit", "interval: 1s"))]")
        _ = try directory.file("a.json", #"{"account": "#)
        let exporter = try await ExporterProcess.start(["--config.file=\(file)", "--storage.path=\(directory.path)"])
        _ = try await exporter.page { $0.value("outreach_account_up", "a") == 1 }
        #expect(exporter.program.lines.contains { $0.contains("level=warn") && $0.contains("a.json is damaged") })
        #expect(FileManager.default.fileExists(atPath: "\(directory.path)/a.json.set-aside"))
    }

    @Test("a storage that cannot be used ends the program with the reason", arguments: ["none/reports", "config.yml"])
    func unusable(path: String) async throws {
        let directory = try TemporaryDirectory()
        let file = try directory.file("config.yml", "accounts: [{name: a, provider: sendkit, api_key: k}]")
        let storage = "\(directory.path)/\(path)"
        let program = try ChildProcess(
            ExporterProcess.path,
            ["--config.file=\(file)", "--storage.path=\(storage)", "--web.listen-address=127.0.0.1:0"]
        )
        await program.expectEnd(1)
        #expect(program.lines.count == 1)
        #expect(program.lines.first?.contains("storage \(storage): ") == true, "\(program.lines)")
    }

    private static func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? NSNumber).intValue
    }
}
