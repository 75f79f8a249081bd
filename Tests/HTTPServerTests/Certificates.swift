// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// Two certificate authorities and certificates that they issue, in a folder that `deinit` removes.
final class Certificates: Sendable {
    /// An authority of the folder.
    enum Authority: String {
        case ours, foreign
    }

    private let folder = NSTemporaryDirectory() + "certificates-\(UUID().uuidString.prefix(8))"

    /// Makes both authorities, and a server's certificate of ours for 127.0.0.1.
    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data("[req]\ndistinguished_name = name\n[name]\n".utf8).write(to: URL(filePath: path("openssl.cnf")))
        for authority in [Authority.ours, .foreign] {
            try make(authority.rawValue, ["-addext", "basicConstraints=critical,CA:TRUE"])
        }
        try issue("server", by: .ours, names: "IP:127.0.0.1", purpose: "serverAuth")
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Makes a certificate `name` for the alternative names, and its key.
    func issue(_ name: String, by authority: Authority, names: String, purpose: String = "clientAuth") throws {
        let signer = ["-CA", path("\(authority.rawValue).pem"), "-CAkey", path("\(authority.rawValue).key")]
        let extensions = [
            "basicConstraints=critical,CA:FALSE", "subjectAltName=\(names)", "extendedKeyUsage=\(purpose)",
        ]
        try make(name, signer + extensions.flatMap { ["-addext", $0] })
    }

    /// Makes a certificate for 127.0.0.1 that signs itself, with an RSA key.
    func makeRSA(_ name: String) throws {
        try make(name, ["-addext", "subjectAltName=IP:127.0.0.1"], key: ["rsa:2048"])
    }

    /// Where a file of the folder is.
    func path(_ file: String) -> String { "\(folder)/\(file)" }

    /// The content of a file of the folder.
    func content(_ file: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: path(file))))
    }

    private func make(
        _ name: String,
        _ options: [String],
        key: [String] = ["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    ) throws {
        let made = try runCommand(
            ["openssl", "req", "-x509", "-config", path("openssl.cnf"), "-days", "2", "-subj", "/CN=\(name)", "-nodes"]
                + ["-newkey"] + key + ["-keyout", path("\(name).key"), "-out", path("\(name).pem")] + options
        )
        guard made.status == 0 else { throw CocoaError(.executableLoad) }
    }
}

/// Runs a command to its end, on a thread that may block; returns its status and output.
func runCommand(_ command: [String], input: String = "") throws -> (status: Int32, output: String) {
    let (status, output) = try ChildProgram.run("/usr/bin/env", command, input: input)
    return (status, String(decoding: output, as: UTF8.self))
}
