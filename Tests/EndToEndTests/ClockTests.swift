// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPServer
import Synchronization
import Testing

/// The real program under a wall clock that jumps, and stopped for a while.
@Suite(.startsPrograms, .timeLimit(.minutes(30))) struct ClockTests {
    @Test("Steps of the wall clock by hours change no age, drop no data and stop no schedule")
    func steps() async throws {
        let simulator = try await SimulatorProcess.start()
        let directory = try TemporaryDirectory()
        let clock = try await ShiftedClock(in: directory)
        let accounts = [simulator.account("seldom", "sendkit", "interval: 1h"), simulator.account("often", "lemlist")]
        let text = "collection: { interval: 1s }\naccounts: [\(accounts.joined(separator: ", "))]"
        let file = try directory.file("config.yml", text)
        let exporter = try await ExporterProcess.start(["--config.file=\(file)"], environment: clock.environment)
        let first = try await exporter.page { page in
            ["seldom", "often"].allSatisfy { page.value("outreach_account_up", $0) == 1 }
                && page.data(of: "seldom").count > 20
        }
        let began = Date()
        for hours in [3, -3, 0] {
            try clock.set(hours: hours)
            let success = "outreach_collection_last_success_timestamp_seconds"
            let page = try await exporter.page { page in
                // The age is at most the time since the first page, with some seconds for rounding.
                let now = Date().timeIntervalSince1970 + Double(hours) * 3600
                let age = page.value(success, "seldom").map { now - $0 }
                return age.map { $0 >= 0 && $0 < Date().timeIntervalSince(began) + 60 } ?? false
            }
            #expect(page.data(of: "seldom").count == first.data(of: "seldom").count)
            #expect(page.value("outreach_collections_total", "seldom") == 1)
            let collections = try #require(page.value("outreach_collections_total", "often"))
            _ = try await exporter.page { ($0.value("outreach_collections_total", "often") ?? 0) > collections + 2 }
        }
        #expect(
            !exporter.program.lines.contains { $0.contains("level=warn") && $0.contains("account=seldom") },
            "\(exporter.program.lines)"
        )
    }

    @Test("After SIGSTOP and SIGCONT requests go on at the configured rate")
    func stopped() async throws {
        let provider = CountingProvider()
        try await withServer({ provider.answer(to: $0) }) { url in
            let directory = try TemporaryDirectory()
            let stopped = try await Self.exporter("stopped", url, in: directory)
            let other = try await Self.exporter("other", url, in: directory)
            await provider.requests(4, of: "stopped")
            stopped.program.signal(SIGSTOP)
            await provider.requests(16, of: "other")
            let continued = ContinuousClock.now
            let before = provider.count(of: "stopped")
            stopped.program.signal(SIGCONT)
            await provider.requests(16, of: "stopped")
            // One that was under way, and the burst of one; every other one waits a quarter of a second.
            #expect(ContinuousClock.now - continued > .milliseconds(250 * 14 - 50))
            #expect(provider.count(of: "stopped") >= before + 16)
            await stopped.expectStop()
            await other.expectStop()
        }
    }

    /// An exporter with more campaigns than it can ask about within the test at four requests per second.
    private static func exporter(
        _ name: String,
        _ url: String,
        in directory: TemporaryDirectory
    ) async throws -> ExporterProcess {
        let account =
            "{ name: \(name), provider: sendkit, api_key: sk_key, base_url: \"\(url)/\(name)\", mailboxes: false, "
            + "requests_per_second: 4, concurrency: 1 }"
        let file = try directory.file("\(name).yml", "accounts: [\(account)]")
        return try await ExporterProcess.start(["--config.file=\(file)"])
    }
}

/// A library that shifts the wall clock of a program, and no other clock, by the hours in a file.
private struct ShiftedClock {
    /// The environment of the program.
    let environment: [String: String]
    private let setting: String

    /// Compiles the library of the resilience tests with the C compiler that comes with Swift.
    init(in directory: TemporaryDirectory) async throws {
        let library = "\(directory.path)/clock.so"
        let source = TestFiles.path("System/resilience/clock.c")
        let arguments = ["clang", "-shared", "-fPIC", "-o", library, source]
        let compiler = try ChildProcess("/usr/bin/env", arguments, environment: TestTools.path)
        try #require(await compiler.end() == 0, "\(compiler.lines)")
        setting = "\(directory.path)/clock"
        environment = ["LD_PRELOAD": library, "CLOCK_FILE": setting]
        try set(hours: 0)
    }

    /// Sets the shift.
    func set(hours: Int) throws {
        try Data("\(hours * 3600)".utf8).write(to: URL(fileURLWithPath: setting), options: .atomic)
    }
}

/// A SendKit workspace of 900 campaigns that counts the requests per account, the first part of the path.
private final class CountingProvider: Sendable {
    private typealias Waiter = (account: String, count: Int, continuation: CheckedContinuation<Void, Never>)

    private let state = Mutex<(counts: [String: Int], waiters: [Waiter])>(([:], []))

    func count(of account: String) -> Int { state.withLock { $0.counts[account] ?? 0 } }

    /// Waits for so many more requests.
    func requests(_ more: Int, of account: String) async {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                state.waiters.append((account, state.counts[account, default: 0] + more, continuation))
            }
        }
    }

    func answer(to request: Request) -> Response {
        let path = request.path.split(separator: "/").map(String.init)
        let reached = state.withLock { state in
            state.counts[path[0], default: 0] += 1
            let counts = state.counts
            let reached = state.waiters.filter { counts[$0.account] ?? 0 >= $0.count }.map(\.continuation)
            state.waiters.removeAll { counts[$0.account] ?? 0 >= $0.count }
            return reached
        }
        for continuation in reached { continuation.resume() }
        let rows = (100..<1000).map { #"{"_id":"c\#($0)","name":"c\#($0)","status":"active"}"# }
        let body =
            path.last == "campaigns"
            ? #"{"success":true,"data":[\#(rows.joined(separator: ","))],"pagination":{"hasMore":false}}"#
            : #"{"success":true,"data":{"stats":{"sent":7}}}"#
        return Response(headers: [("Content-Type", "application/json")], body: [Array(body.utf8)])
    }
}
