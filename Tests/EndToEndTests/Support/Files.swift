// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// A directory for its owner alone that goes away with its last user.
final class TemporaryDirectory: Sendable {
    /// Where it is.
    let path: String

    init() throws {
        raiseFileLimit()
        path = FileManager.default.temporaryDirectory.path + "/outreach-exporter-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file and returns its path.
    func file(_ name: String, _ content: String) throws -> String {
        let path = "\(path)/\(name)"
        try content.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }
}

/// Files below `Tests`, where the sources stand.
enum TestFiles {
    /// The path of a file.
    static func path(_ name: String) -> String {
        let tests = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return tests.appendingPathComponent(name).path
    }

    /// The content of a file given by its absolute path; empty where there is none.
    static func bytes(_ path: String) -> [UInt8] {
        FileManager.default.contents(atPath: path).map(Array.init) ?? []
    }

    /// The text of a file given by its absolute path, with the current day in UTC in place of each date.
    static func today(_ path: String) -> String {
        let today = String(Date.now.formatted(.iso8601).prefix(10))
        return String(decoding: bytes(path), as: UTF8.self).replacing(/\d{4}-\d{2}-\d{2}/, with: today)
    }

    /// The lines of a file below `Tests`.
    static func lines(_ name: String) -> [String] {
        String(decoding: bytes(path(name)), as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
