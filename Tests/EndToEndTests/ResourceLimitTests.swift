// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import Testing

/// Too little of what the kernel gives: descriptors, memory.
@Suite(.startsPrograms, .timeLimit(.minutes(30))) struct ResourceLimitTests {
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
        await few.expectEnd(1)
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

    @Test("so few descriptors that it could not serve are said, and it does not start")
    func fewestDescriptors() async throws {
        let shell = try ChildProcess("/bin/sh", ["-c", "ulimit -n 16; exec \"$0\" demo", ExporterProcess.path])
        await shell.expectEnd(1)
        let sentence = "outreach-exporter: the system allows 16 open files of the 64 it takes: raise LimitNOFILE="
        #expect(shell.lines.count == 1 && shell.lines[0].hasPrefix(sentence))
        let enough = try ChildProcess(
            "/bin/sh",
            ["-c", "ulimit -n 64; exec \"$0\" demo --web.listen-address=127.0.0.1:0", ExporterProcess.path]
        )
        let listening = try #require(await enough.line { $0.contains("msg=listening") && !$0.contains("simulator") })
        let address = try #require(listening.firstMatch(of: /address=(\S+)/)?.1)
        let exporter = ExporterProcess(program: enough, url: "http://\(address)")
        let crowd = try (0..<60).map { _ in try SlowClient(exporter.url, "/metrics") }
        for name in FaultScenario.providers {
            #expect(await enough.line { $0.contains("\"account is up\" provider=\(name)") } != nil)
        }
        #expect(crowd.count == 60)
        await exporter.expectStop()
    }

    @Test("closed standard streams become the null device, and no socket gets their numbers")
    func closedStreams() async throws {
        let folder = try TemporaryDirectory()
        let socket = "\(folder.path)/metrics.sock"
        let script = "exec \"$0\" demo --web.listen-address=unix://\(socket) <&- >&- 2>&-"
        let shell = try ChildProcess("/bin/sh", ["-c", script, ExporterProcess.path])
        while !FileManager.default.fileExists(atPath: socket) { try await Task.sleep(for: .milliseconds(20)) }
        for stream in 0...2 {
            #expect(
                try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(shell.id)/fd/\(stream)")
                    == "/dev/null"
            )
        }
        shell.signal(SIGTERM)
        await shell.expectEnd(0)
    }

    @Test("what keeps it from starting is logged in the chosen format", arguments: ["json", "logfmt"])
    func startErrors(format: String) async throws {
        let program = try ChildProcess(ExporterProcess.path, ["--config.file=/none", "--log.format=\(format)"])
        await program.expectEnd(1)
        let reason = "cannot read /none: No such file or directory"
        let ends = [
            "json": #""level":"error","msg":"cannot start or continue","reason":"\#(reason)"}"#,
            "logfmt": #"level=error msg="cannot start or continue" reason="\#(reason)""#,
        ]
        #expect(program.lines.count == 1 && program.lines[0].hasSuffix(ends[format] ?? ""), "\(program.lines)")
    }

    @Test("few descriptors are told of, and clients leave some to the collection")
    func descriptors() async throws {
        let simulator = try await SimulatorProcess.start()
        let directory = try TemporaryDirectory()
        let file = try directory.file("config.yml", "accounts: [\(simulator.account("a", "sendkit", "interval: 1s"))]")
        let shell = try ChildProcess(
            "/bin/sh",
            ["-c", "ulimit -n 64; exec \"$0\" \"$@\"", ExporterProcess.path, "--config.file=\(file)"]
                + ["--web.listen-address=127.0.0.1:0"]
        )
        let warning = await shell.line { $0.contains("few open files are allowed") }
        #expect(warning?.contains("limit=64 connections=16") == true)
        let listening = try #require(await shell.line { $0.contains("msg=listening") })
        let address = try #require(listening.firstMatch(of: /address=(\S+)/)?.1)
        let exporter = ExporterProcess(program: shell, url: "http://\(address)")
        let crowd = try (0..<60).map { _ in try SlowClient(exporter.url, "/metrics") }
        _ = try await exporter.page { $0.value("outreach_collections_total", "a") ?? 0 > 2 }
        #expect(crowd.count == 60)
        await exporter.expectStop()
        #expect(!shell.lines.contains { $0.contains("Too many open files") })
    }
}
