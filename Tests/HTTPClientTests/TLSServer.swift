// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import TestSupport

/// OpenSSL's test server on loopback, with a certificate made for the occasion.
struct TLSServer: ~Copyable {
    /// The port, chosen by the system.
    let port: Int
    /// The folder of the certificate, which signs itself.
    private let folder: URL
    private let program: ChildProgram

    /// Starts a server whose certificate is for `subject`, such as `IP:127.0.0.1`.
    init(for subject: String) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try shell(
            """
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test \
            -addext subjectAltName=\(subject) -keyout \(folder.path)/key.pem -out \(folder.path)/certificate.pem
            """
        )
        (program, port) = try startServer(in: folder)
    }

    /// The certificate's path.
    var certificate: String { folder.appendingPathComponent("certificate.pem").path }

    deinit {
        program.signal(SIGKILL)
        _ = program.wait()
        try? FileManager.default.removeItem(at: folder)
    }
}

private func startServer(in folder: URL) throws -> (ChildProgram, Int) {
    let program = try ChildProgram(
        "/usr/bin/env",
        ["openssl", "s_server", "-accept", "127.0.0.1:0", "-www"]
            + ["-cert", "\(folder.path)/certificate.pem", "-key", "\(folder.path)/key.pem"],
        withErrors: false
    )
    var text = ""
    while case let bytes = program.read(), !bytes.isEmpty {
        text += String(decoding: bytes, as: UTF8.self)
        if let port = text.firstMatch(of: /ACCEPT .*:(\d+)\n/)?.1 { return (program, Int(port) ?? 0) }
    }
    throw CocoaError(.fileReadUnknown)
}
