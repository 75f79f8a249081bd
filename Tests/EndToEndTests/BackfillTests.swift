// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import Testing

/// The past and the present as one series, in a real Prometheus.
@Suite(.startsPrograms, .timeLimit(.minutes(30))) struct BackfillTests {
    /// The days of the past, until yesterday.
    private static let days = 40
    /// Where the past ends, whatever day it is when the test ends.
    private let midnight = Int(Date().timeIntervalSince1970) / 86_400 * 86_400

    @Test("A month of the past, made into blocks, and the live exporter beside it: every sum is the provider's own")
    func joint() async throws {
        let simulator = try await SimulatorProcess.start(campaigns: 3)
        let directory = try TemporaryDirectory()
        let configuration = try configuration(of: simulator, in: directory)
        let exporter = try await ExporterProcess.start(["--config.file=\(configuration)"])
        let instance = String(exporter.url.dropFirst("http://".count))
        let output = "\(directory.path)/past.om"
        let backfill = try backfill(configuration, output, "--label=job=outreach", "--label=instance=\(instance)")
        await backfill.expectEnd(0)
        #expect(
            backfill.lines.contains { $0.contains(" series, ") && $0.contains(" samples ") && $0.contains(" calls") }
        )

        let next = try #require(backfill.lines.first { $0.hasPrefix("Next: promtool ") })
        let words = next.dropFirst("Next: promtool ".count).split(separator: " ").dropLast().map(String.init)
        let prometheus = try await PrometheusServer.start(scraping: exporter.url) { data in
            let promtool = try ChildProcess("/usr/bin/promtool", words + [data])
            await promtool.expectEnd(0)
        }
        let sent = "outreach_campaign_messages_sent_total"
        let all = Double(3 * FaultScenario.providers.count)
        #expect(try await prometheus.query("up") { $0.first?.value == 1 }.map(\.value) == [1])
        #expect(try await prometheus.query("count(\(sent))") { $0.first?.value ?? 0 >= all }.first?.value == all)

        let truth = SimulatorTotals(simulator: simulator)
        for first in [midnight - 35 * 86_400, midnight - 30 * 86_400] {
            let found = try await prometheus.query("increase(\(sent)[30d] @ \(first + 30 * 86_400))")
            #expect(try await truth.mistakes(in: found, from: first, to: first + 30 * 86_400) == [])
        }
        // Across the joint: from a sample of the past to one of the present, so that nothing is extrapolated.
        let times = try await prometheus.query("max(timestamp(\(sent)))")
        let last = Int((try #require(times.first).value * 1000).rounded())
        let span = last - (midnight - 30 * 86_400) * 1000
        let across = try await prometheus.query("increase(\(sent)[\(span)ms] @ \(Double(last) / 1000))")
        #expect(try await truth.mistakes(in: across, from: midnight - 30 * 86_400, to: midnight + 172_800) == [])
        let counters = try await prometheus.query(#"group by (__name__) ({__name__=~"outreach_campaign_.+_total"})"#)
        #expect(counters.count > 5)
        for name in counters.compactMap({ $0.labels["__name__"] }) {
            #expect(try await prometheus.query("sum(resets(\(name)[40d]))").map(\.value) == [0], "\(name)")
        }
        #expect(prometheus.complaints == [])
    }

    @Test("A backfill that is killed goes on where it stopped, and comes to the same bytes")
    func resumed() async throws {
        let simulator = try await SimulatorProcess.start(campaigns: 8)
        let directory = try TemporaryDirectory()
        let configuration = try configuration(of: simulator, in: directory)
        let whole = try backfill(configuration, "\(directory.path)/whole.om", "--every=24h")
        await whole.expectEnd(0)
        let output = "\(directory.path)/past.om"
        let interrupted = try backfill(configuration, output, "--every=24h")
        let state = output + ".state"
        while TestFiles.bytes(state).count < 10_000 { try await Task.sleep(for: .milliseconds(20)) }
        // Stopped, it still has its lock, and cannot end before the second one meets it.
        interrupted.signal(SIGSTOP)
        let second = try backfill(configuration, output, "--every=24h")
        await second.expectEnd(1)
        #expect(second.lines.last?.contains("cannot use the journal \(state): another process uses it; ") == true)
        interrupted.signal(SIGKILL)
        _ = await interrupted.end()
        #expect(!FileManager.default.fileExists(atPath: output))

        let other = try backfill(configuration, output, "--every=24h", "--steps")
        await other.expectEnd(1)
        #expect(other.lines.contains { $0.contains("belongs to a backfill of other days, accounts or steps") })

        let resumed = try backfill(configuration, output, "--every=24h")
        await resumed.expectEnd(0)
        #expect(TestFiles.bytes(output) == TestFiles.bytes("\(directory.path)/whole.om"))
        #expect(!TestFiles.bytes(output).isEmpty)
        #expect(!FileManager.default.fileExists(atPath: state))
        #expect(try calls(of: resumed) < calls(of: whole))
    }

    @Test(
        "What cannot be told is said, and nothing is asked",
        arguments: [
            (["--since=2026-01-01"], "backfill needs --since=DAY and --output=FILE"),
            (
                ["--since=2026-01-02", "--until=2026-01-01", "--output=x"],
                "--since: 2026-01-02 is after the last day"
            ),
            (["--since=2026-01-01", "--until=2999-01-01", "--output=x"], "--until: the day must be over"),
            (["--since=2026-01-01", "--output=x", "--account=b"], "--account: there is no account \"b\""),
            (
                ["--since=2026-01-01", "--output=x", "--label=job=x", "--label=job=y"],
                "--label: job is given more than once"
            ),
        ]
    )
    func usage(_ flags: [String], reason: String) async throws {
        let program = try ChildProcess(
            ExporterProcess.path,
            ["backfill"] + flags,
            environment: ["SENDKIT_API_KEY": "k"]
        )
        await program.expectEnd(2)
        #expect(program.lines.contains { $0.contains(reason) }, "\(program.lines)")
    }

    private func configuration(of simulator: SimulatorProcess, in directory: TemporaryDirectory) throws -> String {
        let accounts = FaultScenario.providers.map { simulator.account("a-\($0)", $0, "requests_per_second: 9") }
        return try directory.file("config.yml", "accounts: [\(accounts.joined(separator: ", "))]")
    }

    private func backfill(_ configuration: String, _ output: String, _ flags: String...) throws -> ChildProcess {
        let range = ["--since=\(date(-Self.days))", "--until=\(date(-1))"]
        let words = ["backfill", "--config.file=\(configuration)", "--output=\(output)"]
        return try ChildProcess(ExporterProcess.path, words + range + flags)
    }

    /// The day so many days from today.
    private func date(_ days: Int) -> String {
        Date(timeIntervalSince1970: Double(midnight + days * 86_400)).formatted(.iso8601.year().month().day())
    }

    private func calls(of program: ChildProcess) throws -> Int {
        let summary = try #require(program.lines.first { $0.hasSuffix(" calls") })
        return try #require(summary.split(separator: " ").dropLast().last.flatMap { Int($0) })
    }
}
