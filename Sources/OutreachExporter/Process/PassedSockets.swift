// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The listening sockets that the service manager has opened and passes on: systemd, by its protocol sd_listen_fds(3).
enum PassedSockets {
    /// There are none.
    struct Missing: Error, CustomStringConvertible {
        let description =
            "--web.systemd-socket: no socket was passed on; start the program by a systemd socket unit, or leave the flag out"
    }

    /// The first one's descriptor; the others follow.
    private static let first: Int32 = 3

    /// Finds them.
    ///
    /// - Parameters:
    ///   - environment: the environment's variables.
    ///   - process: the process they must be meant for.
    /// - Returns: their descriptors, at least one.
    /// - Throws: that there are none.
    static func descriptors(
        environment: [String: String],
        process: Int32 = getpid()
    ) throws(Missing) -> [Int32] {
        guard environment["LISTEN_PID"].flatMap({ Int32($0) }) == process,
            let count = environment["LISTEN_FDS"].flatMap({ Int32($0) }), count > 0, count < 1000
        else { throw Missing() }
        return Array(first..<first + count)
    }
}
