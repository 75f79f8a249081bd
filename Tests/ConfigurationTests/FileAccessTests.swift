// SPDX-License-Identifier: Apache-2.0

import Configuration
import Foundation
import Testing

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
