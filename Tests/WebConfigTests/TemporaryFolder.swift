// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// A folder with two self-signed certificates and their keys, `server` and `other`; removed by `deinit`.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/web-config-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for name in ["server", "other"] {
            let status = try Self.run(
                "/usr/bin/env",
                ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
                    + ["-days", "2", "-subj", "/CN=\(name)", "-addext", "subjectAltName=IP:127.0.0.1"]
                    + ["-keyout", "\(path)/\(name).key", "-out", "\(path)/\(name).pem"]
            )
            guard status == 0 else { throw CocoaError(.executableLoad) }
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, replacing it as a whole, and returns its path.
    func write(_ name: String, _ text: String) throws -> String {
        try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
        return "\(path)/\(name)"
    }

    /// The text of a file.
    func read(_ name: String) throws -> String {
        try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
    }

    /// Runs a program and returns its exit status.
    static func run(_ program: String, _ arguments: [String]) throws -> Int32 {
        try ChildProgram.run(program, arguments).status
    }
}
