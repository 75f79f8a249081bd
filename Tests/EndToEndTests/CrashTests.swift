// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import Testing

/// The exporter killed without warning, with a storage behind it: what was ever shown is known afterwards.
///
/// `OUTREACH_LONG_TESTS=1 swift test --filter CrashTests` kills it three hundred times instead of a few.
@Suite(.startsPrograms, .timeLimit(.minutes(30))) struct CrashTests {
    private static let isLong = ProcessInfo.processInfo.environment["OUTREACH_LONG_TESTS"] != nil

    @Test("Killed at any moment, it never shows a counter lower than before, and ends with the truth")
    func anyMoment() async throws {
        let simulator = try await SimulatorProcess.start(campaigns: 2, speed: 3600)
        let directory = try TemporaryDirectory()
        let arguments = try Self.arguments(simulator, directory)
        var highest: Counters = [:]
        for round in 0..<(Self.isLong ? 300 : 6) {
            let exporter = try await ExporterProcess.start(arguments)
            // Every round ends at another moment of its cycle; 617 and 1,501 have no common factor.
            let end = ContinuousClock.now + .milliseconds(round * 617 % 1_501)
            repeat { try await Self.look(exporter, &highest) } while ContinuousClock.now < end
            _ = await exporter.stop(SIGKILL)
        }
        #expect(!highest.isEmpty)
        try await simulator.set(speed: 0)
        try await Self.expectTruth(arguments, simulator, highest)
    }

    @Test("Killed before any step of writing a file while counters fall, no Prometheus sees one that did")
    func anyStep() async throws {
        let simulator = try await SimulatorProcess.start(campaigns: 2, speed: 3600)
        let directory = try TemporaryDirectory()
        let port = freePort()
        let arguments = try Self.arguments(simulator, directory) + ["--web.listen-address=127.0.0.1:\(port)"]
        let prometheus = try await PrometheusServer.start(scraping: "http://127.0.0.1:\(port)")
        let crash = try await StorageCrash.build(in: directory)
        var highest: Counters = [:]
        for step in 1...(Self.isLong ? 60 : 18) {
            let storage = directory.path + "/storage"
            let program = try ChildProcess(
                ExporterProcess.path,
                arguments,
                environment: crash.environment(step: step, directory: storage)
            )
            // What was written last was told by counters that had fallen, or by counters that had not.
            try await simulator.set(faults: step % 2 == 0 ? ["counters-fall"] : [])
            await program.expectEnd(SIGKILL)
            let exporter = try await ExporterProcess.start(arguments)
            try await exporter.ready()
            try await prometheus.scrapes(1)
            try await Self.look(exporter, &highest)
            #expect(!exporter.program.lines.contains { $0.contains("stored data is not usable") })
            _ = await exporter.stop(SIGKILL)
            let names = try FileManager.default.contentsOfDirectory(atPath: storage)
            #expect(names.filter { !$0.hasSuffix(".json") && !$0.hasSuffix(".json.new") } == ["lock"])
        }
        try await prometheus.expectNoFall(of: highest)
        try await simulator.set(faults: [])
        try await simulator.set(speed: 0)
        try await Self.expectTruth(arguments, simulator, highest)
    }

    @Test("A file that may not grow any more is told of, and stops nothing")
    func fullDisk() async throws {
        let simulator = try await SimulatorProcess.start(campaigns: 2, speed: 0)
        let directory = try TemporaryDirectory()
        let arguments = try Self.arguments(simulator, directory) + ["--web.listen-address=127.0.0.1:0"]
        // A limit of no block on files: every write fails as on a full disk.
        let shell = try ChildProcess(
            "/bin/sh",
            ["-c", "ulimit -f 0; exec \"$0\" \"$@\"", ExporterProcess.path] + arguments
        )
        #expect(await shell.line { $0.contains("account is up") } != nil)
        let told = await shell.line { $0.contains("stored data is not usable") }
        #expect(told?.contains("File too large") == true)
        shell.signal(SIGTERM)
        await shell.expectEnd(0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path + "/storage") == ["lock"])
    }

    private static func arguments(_ simulator: SimulatorProcess, _ directory: TemporaryDirectory) throws -> [String] {
        let file = try directory.file("config.yml", simulator.configuration)
        return ["--config.file=\(file)", "--storage.path=\(directory.path)/storage"]
    }

    /// Scrapes once.
    private static func look(_ exporter: ExporterProcess, _ highest: inout Counters) async throws {
        let page = Counters(try await exporter.get("/metrics").body)
        #expect(page.fallen(since: highest) == [])
        highest.raise(to: page)
    }

    /// In a world that stands still, what is exported in the end is what an exporter without a past exports.
    ///
    /// Of mailboxes, which are asked for every quarter of an hour, no more than that.
    private static func expectTruth(_ arguments: [String], _ simulator: SimulatorProcess, _ highest: Counters)
        async throws
    {
        let stranger = try await ExporterProcess.start([arguments[0]])
        try await stranger.ready()
        let truth = Counters(try await stranger.get("/metrics").body)
        #expect(!truth.isEmpty)
        #expect(truth.fallen(since: highest) == [])
        let exporter = try await ExporterProcess.start(arguments)
        let deadline = ContinuousClock.now + .seconds(300)
        var page: Counters = [:]
        while page.ofCampaigns != truth.ofCampaigns, ContinuousClock.now < deadline {
            page = Counters(try await exporter.get("/metrics").body)
            try await Task.sleep(for: .milliseconds(100))
        }
        #expect(page.ofCampaigns.filter { truth[$0.key] != $0.value } == [:])
        #expect(truth.fallen(since: page) == [])
        #expect(page.count == truth.count)
    }
}
