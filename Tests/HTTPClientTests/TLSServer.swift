// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// OpenSSL's test server on loopback, with a certificate made for the occasion.
struct TLSServer: ~Copyable {
    /// The port, chosen by the system.
    let port: Int
    /// The folder of the certificate, which signs itself.
    private let folder: URL
    private let process: Process

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
        (process, port) = try startServer(in: folder)
    }

    /// The certificate's path.
    var certificate: String { folder.appendingPathComponent("certificate.pem").path }

    deinit {
        // The child has inherited the signal mask of a pool thread, which blocks SIGTERM.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }
}

private func startServer(in folder: URL) throws -> (Process, Int) {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["openssl", "s_server", "-accept", "127.0.0.1:0", "-www"]
    process.arguments? += ["-cert", "\(folder.path)/certificate.pem", "-key", "\(folder.path)/key.pem"]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    return (process, try port(announcedOn: output.fileHandleForReading))
}

private func port(announcedOn output: FileHandle) throws -> Int {
    var text = ""
    while let byte = try output.read(upToCount: 1) {
        text += String(decoding: byte, as: UTF8.self)
        if text.hasSuffix("\n"), let port = text.firstMatch(of: /ACCEPT .*:(\d+)\n/)?.1 { return Int(port) ?? 0 }
    }
    throw CocoaError(.fileReadUnknown)
}
