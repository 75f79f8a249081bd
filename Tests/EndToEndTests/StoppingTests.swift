// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// SIGTERM ends the real program, whatever it does at that moment.
@Suite(.startsPrograms, .timeLimit(.minutes(30))) struct StoppingTests {
    /// One account, at an address where nobody listens.
    private static let accounts =
        "accounts: [{name: a, provider: sendkit, api_key: sk_key, base_url: 'http://127.0.0.1:9'}]"

    @Test("a campaign's name costs a bounded time whatever the expression, and the stop is an orderly one")
    func expressions() async throws {
        try await withServer({ HostileProviders.answer(to: $0) }) { url in
            let directory = try TemporaryDirectory()
            let file = try directory.file(
                "config.yml",
                """
                accounts:
                  - name: slow
                    provider: sendkit
                    api_key: sk_key
                    base_url: '\(url)/slow-names'
                    interval: 1s
                    max_staleness: 10m
                    campaigns: { include: ['^(\\w+\\s?)*$'], exclude: ['(a+)+$', '.*test.*'] }
                """
            )
            let exporter = try await ExporterProcess.start(["--config.file=\(file)"])
            let infos = { (page: MetricsPage) in
                page.data(of: "slow").keys.count { $0.hasPrefix("outreach_campaign_info") }
            }
            // The campaigns' part of the page may follow that of the account.
            let page = try await exporter.page {
                $0.value("outreach_account_up", "slow") == 1 && infos($0) > 0
            }
            #expect(infos(page) == HostileProviders.slowNames.count, "what cannot be decided is collected")
            #expect(await Self.stop(exporter) == 0)
            let warnings = exporter.program.lines.filter { $0.contains("an expression reached its limit") }
            #expect(warnings.count == 2 && warnings.allSatisfy { $0.contains("account=slow") }, "\(warnings)")
            for expression in [#"^(\\w+\\s?)*$"#, "(a+)+$"] {
                #expect(warnings.contains { $0.contains("expression=") && $0.contains(expression) })
            }
        }
    }

    /// Holds a lease of a file, which the next open(2) waits for, says so, and keeps it: fcntl(2), F_SETLEASE.
    private static let lease = """
        import fcntl, signal, sys
        signal.signal(signal.SIGIO, signal.SIG_IGN)
        file = open(sys.argv[1], "w")
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        print("held", flush=True)
        signal.pause()
        """

    @Test("a thread of the pool that never comes back does not keep it from ending", arguments: [SIGTERM, SIGINT])
    func overdue(signal: Int32) async throws {
        let directory = try TemporaryDirectory()
        let file = try directory.file("config.yml", Self.accounts)
        try FileManager.default.createDirectory(atPath: "\(directory.path)/store", withIntermediateDirectories: false)
        let lock = try directory.file("store/lock", "")
        let holder = try ChildProcess(TestTools.python, ["-c", Self.lease, lock])
        _ = try #require(await holder.line { $0 == "held" })
        let flags = ["--config.file=\(file)", "--storage.path=\(directory.path)/store"]
        let program = try ChildProcess(ExporterProcess.path, flags)
        // The kernel's name of the place where open(2) waits for the lease.
        while try !Self.isWaiting(program, for: lock) { try await Task.sleep(for: .milliseconds(20)) }
        program.signal(signal)
        #expect(await program.end() == 3)
        let last = try #require(program.lines.last)
        #expect(last.hasSuffix(#"level=error msg="stopping took longer than 2s; ending""#))
        withExtendedLifetime(holder) {}
    }

    /// Whether the program waits for the lease of a file, by the `BREAKING` line of /proc/locks.
    private static func isWaiting(_ program: ChildProcess, for file: String) throws -> Bool {
        let inode = try FileManager.default.attributesOfItem(atPath: file)[.systemFileNumber] as? Int ?? 0
        return try String(contentsOfFile: "/proc/locks", encoding: .utf8).split(separator: "\n")
            .contains { $0.contains("BREAKING") && $0.contains(":\(inode) ") }
    }

    @Test("a pipe in the place of a file is refused at the start, and on a reload changes nothing")
    func pipes() async throws {
        let directory = try TemporaryDirectory()
        let pipe = "\(directory.path)/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        for flag in ["config.file", "web.config.file"] {
            let program = try ChildProcess(
                ExporterProcess.path,
                ["--\(flag)=\(pipe)"],
                environment: ["SENDKIT_API_KEY": "k"]
            )
            #expect(await program.end() == 1)
            #expect(program.lines.contains { $0.contains("cannot read \(pipe): it is a pipe, such as <(...) makes") })
        }
        let key = try directory.file("key", "sk_key")
        let account = "{name: a, provider: sendkit, api_key_file: \(key), base_url: 'http://127.0.0.1:9'}"
        let file = try directory.file("config.yml", "accounts: [\(account)]")
        let exporter = try await ExporterProcess.start(["--config.file=\(file)"])
        #expect(rename(pipe, key) == 0)
        exporter.program.signal(SIGHUP)
        _ = try #require(
            await exporter.program.line { $0.contains("configuration stays as it was") && $0.contains("a pipe") }
        )
        #expect(await Self.stop(exporter) == 0)
    }

    @Test("a signal in its first moments is not lost", arguments: [0, 2, 5, 10, 15, 20, 25, 30, 35, 50])
    func early(milliseconds: Int) async throws {
        let directory = try TemporaryDirectory()
        let file = try directory.file("config.yml", Self.accounts)
        for signal in [SIGHUP, SIGTERM] {
            let flags = ["--config.file=\(file)", "--web.listen-address=127.0.0.1:0"]
            let program = try ChildProcess(ExporterProcess.path, flags)
            try await Self.blocksSignals(program, after: .milliseconds(milliseconds))
            program.signal(signal)
            if signal == SIGHUP {
                _ = try #require(await program.line { $0.contains("configuration read again") })
                program.signal(SIGTERM)
            }
            // What starts and stops beside other tests may take longer than a stop should.
            await program.expectEnd(0, 3)
        }
    }

    @Test("signals are blocked before the libraries initialize themselves")
    func blockedFirst() async throws {
        let program = try ChildProcess(ExporterProcess.path, ["version"], environment: ["LD_DEBUG": "files"])
        #expect(await program.end() == 0)
        let calls = program.lines.filter { $0.contains("calling preinit: ") || $0.contains("calling init: ") }
        #expect(calls.first?.hasSuffix("calling preinit: \(ExporterProcess.path)") == true)
        #expect(calls.count > 10)
    }

    /// Waits until the dynamic loader has called the program, which the kernel tells by the masks, and a moment longer.
    ///
    /// Before that the kernel ends a process that no code of the program has touched. Any thread will do: while the main one waits for signals, the kernel shows those as not blocked.
    private static func blocksSignals(_ program: ChildProcess, after pause: Duration) async throws {
        let handled: UInt64 = 1 << (SIGHUP - 1) | 1 << (SIGTERM - 1)
        let threads = "/proc/\(program.id)/task"
        while try !FileManager.default.contentsOfDirectory(atPath: threads).contains(where: { thread in
            let status = try? String(contentsOfFile: "\(threads)/\(thread)/status", encoding: .utf8)
            let line = status?.split(separator: "\n").first { $0.hasPrefix("SigBlk:\t") }
            return line.flatMap { UInt64($0.dropFirst(8), radix: 16) }.map { $0 & handled == handled } ?? false
        }) {
            await Task.yield()
        }
        try await Task.sleep(for: pause)
    }

    /// Asks it to end and returns its exit status, which is SIGKILL's where it has not ended within four minutes.
    private static func stop(_ exporter: ExporterProcess, by signal: Int32 = SIGTERM) async -> Int32 {
        let executioner = Task {
            try await Task.sleep(for: .seconds(240))
            exporter.program.signal(SIGKILL)
        }
        defer { executioner.cancel() }
        return await exporter.stop(signal)
    }
}
