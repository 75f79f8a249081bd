// SPDX-License-Identifier: Apache-2.0

import Foundation

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

    /// The lines of a file below `Tests`.
    static func lines(_ name: String) -> [String] {
        String(decoding: bytes(path(name)), as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
