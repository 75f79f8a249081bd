// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Configuration

@Suite struct FileAccessTests {
    @Test(
        "a file is open to all if all can read it and pass through every folder above it",
        arguments: [
            (0o755, 0o644, true), (0o755, 0o604, true), (0o755, 0o640, false), (0o755, 0o600, false),
            (0o711, 0o644, true), (0o754, 0o644, false), (0o700, 0o644, false),
        ]
    )
    func modes(folder: Int, file: Int, isOpen: Bool) throws {
        let outer = NSTemporaryDirectory() + "access-\(UUID().uuidString)"
        let manager = FileManager.default
        try manager.createDirectory(atPath: outer + "/inner", withIntermediateDirectories: true)
        defer { try? manager.removeItem(atPath: outer) }
        let path = outer + "/inner/key"
        try Data("key".utf8).write(to: URL(filePath: path))
        try manager.setAttributes([.posixPermissions: file], ofItemAtPath: path)
        try manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: outer + "/inner")
        try manager.setAttributes([.posixPermissions: folder], ofItemAtPath: outer)
        #expect(FileAccess.isOpenToAll(path) == isOpen)
        try manager.createSymbolicLink(atPath: outer + "/link", withDestinationPath: path)
        #expect(FileAccess.isOpenToAll(outer + "/link") == isOpen)
    }

    @Test("what is no file is open to nobody", arguments: ["/no/such/file", "/tmp", "/dev/null", ""])
    func others(path: String) {
        #expect(!FileAccess.isOpenToAll(path))
    }
}

@Suite(.timeLimit(.minutes(5))) struct FileContentTests {
    @Test("only regular files are read, and nothing waits for a pipe that nobody writes into")
    func kinds() throws {
        let folder = NSTemporaryDirectory() + "content-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data("text".utf8).write(to: URL(filePath: folder + "/file"))
        try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: folder + "/file")
        #expect(mkfifo(folder + "/pipe", 0o600) == 0)
        for name in ["file", "link"] {
            #expect(try FileContent.read("\(folder)/\(name)", upTo: 4) == Array("text".utf8))
        }
        for (path, reason) in [
            ("\(folder)/pipe", "it is a pipe, such as <(...) makes"), ("/dev/zero", "it is a device or socket"),
            (folder, "Is a directory"), ("\(folder)/none", "No such file"),
        ] {
            let error = #expect(throws: FileError.self) { try FileContent.read(path, upTo: 1 << 20) }
            #expect(error?.description.hasPrefix("cannot read \(path): \(reason)") == true)
        }
    }

    @Test("a file system that does not answer is given up")
    func hanging() {
        let end = DispatchSemaphore(value: 0)
        defer { end.signal() }
        let error = #expect(throws: FileError.self) {
            try FileContent.wait(for: "/mnt/key", atMost: .milliseconds(20)) {
                end.wait()
                return .success([])
            }
        }
        #expect(error?.reason == "the file system has not answered for 20ms")
    }
}
