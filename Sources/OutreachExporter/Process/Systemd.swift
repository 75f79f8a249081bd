// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// Notifies systemd of the state of the process, by the protocol of sd_notify(3).
struct SystemdNotifier: Sendable {
    /// The states of the protocol that are used.
    enum State: Sendable {
        case ready, reloading, stopping
    }

    /// The socket's path; one that starts with `@` is in the abstract namespace.
    private let socketPath: String

    /// Reads `NOTIFY_SOCKET`; `nil` where systemd did not ask for notifications.
    init?(environment: [String: String]) {
        guard let path = environment["NOTIFY_SOCKET"], path.hasPrefix("/") || path.hasPrefix("@"),
            path.utf8.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path)
        else { return nil }
        socketPath = path
    }

    /// Sends a state; a failure is ignored.
    func notify(_ state: State) {
        let type = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_UNIX, type, 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var path = Array(socketPath.utf8)
        if path[0] == UInt8(ascii: "@") { path[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        // An abstract name ends where its length says.
        let length = MemoryLayout<sa_family_t>.size + path.count
        let message = Array(Self.message(state).utf8)
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, message, message.count, Int32(MSG_NOSIGNAL), $0, socklen_t(length))
            }
        }
    }

    private static func message(_ state: State) -> String {
        switch state {
        case .ready: "READY=1"
        case .stopping: "STOPPING=1"
        case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(linux_monotonic_microseconds())"
        }
    }
}

/// The listening sockets that systemd passes on, by the protocol of sd_listen_fds(3).
enum PassedSockets {
    /// `--web.systemd-socket` is set, but no socket was passed on.
    struct MissingError: Error, CustomStringConvertible {
        let description =
            "--web.systemd-socket: no socket was passed on; start the program by a systemd socket unit, or leave the flag out"
    }

    /// The descriptor of the first socket; the others follow it.
    private static let first: Int32 = 3

    /// Reads `LISTEN_PID` and `LISTEN_FDS`.
    ///
    /// - Parameters:
    ///   - environment: the environment's variables.
    ///   - process: the process that `LISTEN_PID` must name.
    /// - Returns: the descriptors, at least one.
    /// - Throws: `MissingError` where there is none.
    static func descriptors(
        environment: [String: String],
        process: Int32 = getpid()
    ) throws(MissingError) -> [Int32] {
        guard environment["LISTEN_PID"].flatMap({ Int32($0) }) == process,
            let count = environment["LISTEN_FDS"].flatMap({ Int32($0) }), count > 0, count < 1000
        else { throw MissingError() }
        return Array(first..<first + count)
    }
}
