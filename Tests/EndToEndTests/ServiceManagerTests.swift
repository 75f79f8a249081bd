// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import Testing

/// How the program gets along with systemd, by its protocols.
@Suite(.startsPrograms, .timeLimit(.minutes(30))) struct ServiceManagerTests {
    /// Listens on loopback and on a socket file, and becomes the program, as systemd does with a socket unit.
    private static let activation = """
        import fcntl, os, socket, sys
        sockets = [socket.create_server(("127.0.0.1", 0)), socket.socket(socket.AF_UNIX)]
        sockets[1].bind(sys.argv[1])
        sockets[1].listen()
        for number, copy in enumerate([fcntl.fcntl(one, fcntl.F_DUPFD, 10) for one in sockets]):
            os.dup2(copy, 3 + number)
            os.close(copy)
        os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "2"}
        os.execv(sys.argv[2], sys.argv[2:])
        """

    @Test("serves the sockets of a socket unit, and no address")
    func activation() async throws {
        let folder = try TemporaryDirectory()
        let socket = "\(folder.path)/passed.sock"
        let command = [ExporterProcess.path, "demo", "--web.systemd-socket", "--web.listen-address=127.0.0.1:1"]
        let program = try ChildProcess(TestTools.python, ["-c", Self.activation, socket] + command)
        _ = try #require(await program.line { $0.contains("msg=listening address=unix://\(socket)") })
        let line = try #require(await program.line { $0.contains("msg=listening address=127.0.0.1:") })
        let address = try #require(line.split(separator: "address=").last)
        #expect(try await Client.send(HTTPRequest(url: "http://\(address)/-/healthy")).status == 200)
        let curl = ["curl", "-s", "--unix-socket", socket, "http://localhost/-/healthy"]
        #expect(try await Self.output(of: curl) == ["The exporter is healthy."])
        program.signal(SIGTERM)
        await program.expectEnd(0)
        #expect(FileManager.default.fileExists(atPath: socket), "it belongs to the socket unit")
    }

    @Test("says what to do where no socket was passed on")
    func inactive() async throws {
        let program = try ChildProcess(
            ExporterProcess.path,
            ["demo", "--web.systemd-socket"],
            environment: ["LISTEN_FDS": "1"]
        )
        await program.expectEnd(1)
        #expect(await program.line { $0.contains("no socket was passed on; start the program by a systemd") } != nil)
    }

    @Test("tells when it serves, reads its configuration again and stops", arguments: [true, false])
    func readiness(isAbstract: Bool) async throws {
        let folder = try TemporaryDirectory()
        let manager = try NotifySocket(isAbstract ? "@outreach-\(UUID().uuidString)" : "\(folder.path)/notify")
        let exporter = try await ExporterProcess.start(["demo"], environment: ["NOTIFY_SOCKET": manager.name])
        #expect(await manager.next() == "READY=1")
        #expect(try await exporter.get("/-/healthy").status == 200)
        exporter.program.signal(SIGHUP)
        let reloading = try #require(await manager.next())
        #expect(reloading.wholeMatch(of: /RELOADING=1\nMONOTONIC_USEC=[0-9]+/) != nil)
        #expect(await manager.next() == "READY=1")
        await exporter.expectStop()
        #expect(await manager.next() == "STOPPING=1")
    }

    @Test(
        "the unit files are such that systemd finds nothing to say about them",
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze"),
            "systemd-analyze is missing (Debian: systemd)"
        ),
        arguments: ["service", "socket"]
    )
    func units(kind: String) async throws {
        let folder = try TemporaryDirectory()
        for kind in ["service", "socket"] {
            let unit = try String(contentsOfFile: TestFiles.path("../docs/outreach-exporter.\(kind)"), encoding: .utf8)
            // A program that need not be on this machine.
            let known = unit.replacing(/\/usr\/local\/bin\/outreach-exporter/, with: "/bin/true")
            _ = try folder.file("outreach-exporter.\(kind)", known)
        }
        let verify = ["systemd-analyze", "verify", "--man=no", "\(folder.path)/outreach-exporter.\(kind)"]
        #expect(try await Self.output(of: verify) == [])
    }

    private static func output(of command: [String]) async throws -> [String] {
        let program = try ChildProcess("/usr/bin/env", command)
        _ = await program.end()
        return program.lines
    }
}
