// SPDX-License-Identifier: Apache-2.0

import Collection
import Foundation
import Outreach
import Testing

@testable import OutreachExporter

@Suite(.timeLimit(.minutes(30))) struct FileSnapshotStoreTests {
    private static let acme = Account(provider: "instantly", name: "acme")

    /// An empty account as an earlier run saved it.
    private static func saved(_ account: Account = acme, format: Int = AccountSnapshot.currentFormat) throws
        -> AccountSnapshot
    {
        let text = """
            {"format":\(format),"account":{"provider":"\(account.provider)","name":"\(account.name)"},"identity":"1",
            "state":"up","campaigns":[],"marks":{"campaigns":{},"mailboxes":{}}}
            """
        return try JSONDecoder().decode(AccountSnapshot.self, from: Data(text.utf8))
    }

    @Test("What is saved is loaded, from a file for the owner alone in a directory for the owner alone")
    func journey() async throws {
        let directory = try Scratch()
        let archive = FileSnapshotStore(directory: directory.path + "/store")
        #expect(try await archive.load(Self.acme) == nil)
        let saved = try Self.saved()
        try await archive.save(saved)
        #expect(try await archive.load(Self.acme) == saved)
        #expect(try directory.mode(of: "store") == 0o700)
        #expect(try directory.mode(of: "store/acme.json") == 0o600)
        #expect(try directory.names(in: "store") == ["acme.json"])
    }

    @Test("A file left over from a crash is replaced, whatever its mode and owner's plans")
    func leftover() async throws {
        let directory = try Scratch()
        let leftover = try directory.file("acme.json.new", "half a fi")
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: leftover)
        let archive = FileSnapshotStore(directory: directory.path)
        #expect(try await archive.load(Self.acme) == nil)
        try await archive.save(Self.saved())
        #expect(try directory.mode(of: "acme.json") == 0o600)
        #expect(try directory.names() == ["acme.json"])
    }

    @Test("A link in the place of the new file is not followed")
    func link() async throws {
        let directory = try Scratch()
        let victim = try directory.file("victim", "precious")
        try FileManager.default.createSymbolicLink(
            atPath: directory.path + "/acme.json.new",
            withDestinationPath: victim
        )
        try await FileSnapshotStore(directory: directory.path).save(Self.saved())
        #expect(try String(contentsOfFile: victim, encoding: .utf8) == "precious")
    }

    @Test(
        "What is no saved account of this version is set aside with a reason, and the next save goes well",
        arguments: [
            ("", "is damaged"), ("{", "is damaged"), ("not JSON", "is damaged"), ("\u{0}\u{0}\u{0}", "is damaged"),
            (#"{"format":1}"#, "is damaged"), (#"{"format":2,"all":"new"}"#, "is in format 2, this version reads 1"),
            (#"{"format":"1"}"#, "is damaged"), (#"[[[[[[[["#, "is damaged"),
        ]
    )
    func unreadable(_ content: String, _ reason: String) async throws {
        let directory = try Scratch()
        let path = try directory.file("acme.json", content)
        let archive = FileSnapshotStore(directory: directory.path)
        let failure = await #expect(throws: SnapshotError.self) { _ = try await archive.load(Self.acme) }
        #expect(failure?.reason == "\(path) \(reason)")
        #expect(failure?.advice.contains("acme.json.set-aside") == true)
        #expect(try directory.names() == ["acme.json.set-aside"])
        #expect(try String(contentsOfFile: path + ".set-aside", encoding: .utf8) == content)
        try await archive.save(Self.saved())
        #expect(try await archive.load(Self.acme) == Self.saved())
    }

    @Test("A file that ends anywhere before its end is damaged, never half an account")
    func truncated() async throws {
        let directory = try Scratch()
        let archive = FileSnapshotStore(directory: directory.path)
        try await archive.save(Self.saved())
        let whole = try Data(contentsOf: URL(fileURLWithPath: directory.path + "/acme.json"))
        for length in 0..<whole.count {
            try whole.prefix(length).write(to: URL(fileURLWithPath: directory.path + "/acme.json"))
            await #expect(throws: SnapshotError.self) { _ = try await archive.load(Self.acme) }
        }
    }

    @Test("The file of another account is not taken for one's own")
    func foreign() async throws {
        let directory = try Scratch()
        let archive = FileSnapshotStore(directory: directory.path)
        try await archive.save(Self.saved(Account(provider: "lemlist", name: "acme")))
        let failure = await #expect(throws: SnapshotError.self) { _ = try await archive.load(Self.acme) }
        #expect(failure?.reason.hasSuffix("belongs to the account lemlist/acme") == true)
    }

    @Test("Other files in the directory are left alone")
    func strangers() async throws {
        let directory = try Scratch()
        for name in ["README", "other.json", "acme.json.bak"] { _ = try directory.file(name, name) }
        let archive = FileSnapshotStore(directory: directory.path)
        try await archive.save(Self.saved())
        _ = try await archive.load(Self.acme)
        #expect(try directory.names() == ["README", "acme.json", "acme.json.bak", "other.json"])
    }

    @Test("A directory that cannot be is named in the failure", arguments: ["/proc/none", "/dev/null/store", "/a/b/c"])
    func noDirectory(_ path: String) async throws {
        let archive = FileSnapshotStore(directory: path)
        let failure = await #expect(throws: SnapshotError.self) { try await archive.save(Self.saved()) }
        #expect(failure?.reason.contains(path) == true)
        #expect(failure?.advice.contains("storage.path") == true)
    }

    @Test("A file that never answers costs its account the patience once and others nothing")
    func slowDisk() async throws {
        let directory = try Scratch()
        let end = DispatchSemaphore(value: 0)
        defer { end.signal() }
        let archive = FileSnapshotStore(directory: directory.path, timeout: .milliseconds(50))
        let slow = Account(provider: "instantly", name: "slow")
        let late = await #expect(throws: StorageError.self) {
            try await archive.work(on: archive.file(of: slow)) { _ in
                end.wait()
                return Result<Void, SnapshotError>.success(())
            }
        }
        #expect(late?.description.contains("cannot finish in time with") == true)
        let first = await #expect(throws: SnapshotError.self) { _ = try await archive.load(slow) }
        #expect(first?.reason.contains("cannot finish the last work on") == true)
        let second = await #expect(throws: SnapshotError.self) { try await archive.save(Self.saved(slow)) }
        #expect(second == first, "what the file holds is not known, so that nothing may replace it")
        try await archive.save(Self.saved())
        #expect(try await archive.load(Self.acme) == Self.saved())
    }

    @Test("A pipe in the place of a file is not waited for")
    func pipe() async throws {
        let directory = try Scratch()
        mkfifo(directory.path + "/acme.json", 0o600)
        let archive = FileSnapshotStore(directory: directory.path)
        let failure = await #expect(throws: SnapshotError.self) { _ = try await archive.load(Self.acme) }
        #expect(failure?.reason.contains("it is a pipe") == true)
    }

    @Test("What cannot be read is never replaced, and the error says what to do", arguments: ["directory", "loop"])
    func unreadableFile(_ kind: String) async throws {
        let directory = try Scratch()
        let path = directory.path + "/acme.json"
        if kind == "directory" {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        } else {
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "acme.json")
        }
        let archive = FileSnapshotStore(directory: directory.path)
        let failure = await #expect(throws: SnapshotError.self) { _ = try await archive.load(Self.acme) }
        #expect(failure?.leavesData == true && failure?.reason.contains(path) == true)
        #expect(failure?.advice == "move \(path) away, and restart")
        let second = await #expect(throws: SnapshotError.self) { try await archive.save(Self.saved()) }
        #expect(second == failure)
        #expect(try directory.names() == ["acme.json"])
        let type = try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
        #expect(type == (kind == "directory" ? .typeDirectory : .typeSymbolicLink))
        // Other accounts are stored.
        try await archive.save(Self.saved(Account(provider: "lemlist", name: "other")))
    }

    @Test("No two names share a file, not even where case does not count")
    func names() {
        let long = String(repeating: "x", count: 300)
        let texts = [
            "acme", "Acme", "ACME", "acme eu", "acme/eu", "acme%20eu", "acme%eu", ".", "..", "a.b", "äcme", "ÄCME", "",
            "con", "acme~", long, long + "x", long.uppercased(), String(repeating: "é", count: 100),
        ]
        let names = texts.map(\.fileName)
        #expect(Set(names.map { $0.lowercased() }).count == texts.count)
        #expect(names.allSatisfy { $0.utf8.count <= 240 && !$0.contains("/") && !$0.hasPrefix(".") })
        #expect("acme-eu_2".fileName == "acme-eu_2")
    }
}

/// A directory for one test.
private final class Scratch {
    let path = FileManager.default.temporaryDirectory.path + "/outreach-archive-\(UUID().uuidString)"

    init() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String, _ content: String) throws -> String {
        try content.write(toFile: "\(path)/\(name)", atomically: false, encoding: .utf8)
        return "\(path)/\(name)"
    }

    func names(in directory: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(directory)").sorted()
    }

    func mode(of name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")[.posixPermissions] as? Int
    }
}
