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
