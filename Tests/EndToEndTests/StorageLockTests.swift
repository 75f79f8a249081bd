// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import Testing

/// Two processes on the files of one: the second one is refused.
@Suite(.startsPrograms, .timeLimit(.minutes(30))) struct StorageLockTests {
    private let directory: TemporaryDirectory
    private let arguments: [String]
    private var storage: String { directory.path + "/reports" }

    init() throws {
        directory = try TemporaryDirectory()
        let account = "{name: a, provider: sendkit, api_key: k, base_url: 'http://127.0.0.1:1'}"
        let file = try directory.file("config.yml", "storage: {path: reports}\naccounts: [\(account)]")
        arguments = ["--config.file=\(file)"]
    }

    @Test("a second process on the storage ends with the reason, also after a reload of the first, which goes on")
    func second() async throws {
        let first = try await ExporterProcess.start(arguments)
        #expect(try await first.send("POST", "/-/reload").status == 200)
        try await expectRefusal()
        #expect(try await first.get("/-/healthy").status == 200)
    }

    @Test("another name of the directory is the same directory")
    func link() async throws {
        let first = try await ExporterProcess.start(arguments)
        let link = directory.path + "/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: storage)
        try await expectRefusal("--storage.path=\(link)", of: link)
        #expect(try await first.get("/-/healthy").status == 200)
    }

    @Test("a process that is killed leaves the storage to the next one")
    func killed() async throws {
        let first = try await ExporterProcess.start(arguments)
        #expect(await first.stop(SIGKILL) == SIGKILL)
        let next = try await ExporterProcess.start(arguments)
        #expect(try await next.get("/-/healthy").status == 200)
    }

    @Test("exporters of different shards share a storage; one shard, or a shard and all accounts, do not")
    func shards() async throws {
        let first = try await ExporterProcess.start(arguments + ["--shard=1/2"])
        let other = try await ExporterProcess.start(arguments + ["--shard=2/2"])
        for flag in ["--shard=1/2", "--shard=2/2", "--shard=1/1", "--log.level=info"] { try await expectRefusal(flag) }
        await first.expectStop()
        await other.expectStop()
        let whole = try await ExporterProcess.start(arguments)
        try await expectRefusal("--shard=1/2")
        await whole.expectStop()
    }

    private func expectRefusal(_ flags: String..., of path: String? = nil) async throws {
        let program = try ChildProcess(
            ExporterProcess.path,
            arguments + flags + ["--web.listen-address=127.0.0.1:0"]
        )
        try #require(await program.line { $0.contains("msg=listening") } == nil, "it uses the storage too")
        await program.expectEnd(1)
        let reason = "another process uses it; stop that process, or give this one another storage.path"
        let line = try #require(program.lines.first)
        #expect(program.lines.count == 1)
        let message = "level=error msg=\"cannot start or continue\" reason=\"cannot use the storage "
        #expect(line.hasSuffix(message + "\(path ?? storage): \(reason)\""))
    }
}
