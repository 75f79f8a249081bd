// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Too little of what the kernel gives: descriptors, memory.
@Suite(.timeLimit(.minutes(15))) struct ResourceLimitTests {
    /// Without Swift's own reporter of crashes, as where only the binary is installed.
    private static let plain = ["SWIFT_BACKTRACE": "enable=no"]

    @Test("a fault ends it with one line", arguments: [SIGSEGV, SIGILL])
    func fault(signal: Int32) async throws {
        let exporter = try await ExporterProcess.start(["demo"], environment: Self.plain)
        #expect(await exporter.stop(signal) == signal)
        #expect(exporter.program.lines.last?.hasPrefix("outreach-exporter: a fault ends it: ") == true)
    }

    @Test("no room for threads is said; where there is room it serves")
    func threads() async throws {
        let few = try Self.demo(addresses: 120)
        #expect(await few.end() == 1)
        let line = try #require(few.lines.last)
        #expect(line.wholeMatch(of: /outreach-exporter: the system gives \d+ threads of the \d+ it takes: .*/) != nil)
        #expect(few.lines.count == 1)
        let enough = try Self.demo(addresses: 160 + 16 * ProcessInfo.processInfo.activeProcessorCount)
        for name in FaultScenario.providers {
            #expect(await enough.line { $0.contains("\"account is up\" provider=\(name)") } != nil)
        }
    }

    /// The demo with so many megabytes of address space.
    private static func demo(addresses: Int) throws -> ChildProcess {
        let script = "ulimit -v $((\(addresses) * 1024)); exec \"$0\" demo --web.listen-address=127.0.0.1:0"
        return try ChildProcess("/bin/sh", ["-c", script, ExporterProcess.path], environment: plain)
    }

    @Test("few descriptors are told of, and clients leave some to the collection")
    func descriptors() async throws {
        let simulator = try await SimulatorProcess.start()
        let directory = try TemporaryDirectory()
        let file = try directory.file("config.yml", "accounts: [\(simulator.account("a", "sendkit", "interval: 1s"))]")
        let shell = try ChildProcess(
            "/bin/sh",
            ["-c", "ulimit -n 40; exec \"$0\" \"$@\"", ExporterProcess.path, "--config.file=\(file)"]
                + ["--web.listen-address=127.0.0.1:0"]
        )
        let warning = await shell.line { $0.contains("few open files are allowed") }
        #expect(warning?.contains("limit=40 connections=10") == true)
        let listening = try #require(await shell.line { $0.contains("msg=listening") })
        let address = try #require(listening.firstMatch(of: /address=(\S+)/)?.1)
        let exporter = ExporterProcess(program: shell, url: "http://\(address)")
        let crowd = try (0..<60).map { _ in try SlowClient(exporter.url, "/metrics") }
        _ = try await exporter.page { $0.value("outreach_collections_total", "a") ?? 0 > 2 }
        #expect(crowd.count == 60)
        #expect(await exporter.stop() == 0)
        #expect(!shell.lines.contains { $0.contains("Too many open files") })
    }
}
