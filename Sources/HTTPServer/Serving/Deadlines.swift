// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// When each open connection has to be further than it is; those that are late are cut.
///
/// libmicrohttpd's own time-out starts anew with every byte, so one byte now and then would hold a connection for ever.
/// It also overlooks the end of the stream that arrives together with half a request.
final class Deadlines: Sendable {
    private let instants = Mutex<[Int32: ContinuousClock.Instant]>([:])

    /// Gives a connection this much time from now on.
    func set(_ allowance: Duration, for socket: Int32) {
        let instant = ContinuousClock.now + allowance
        instants.withLock { $0[socket] = instant }
    }

    /// Forgets a connection; called before its descriptor is closed and can become another's.
    func remove(_ socket: Int32) {
        _ = instants.withLock { $0.removeValue(forKey: socket) }
    }

    /// Cuts what is late, at this interval, until cancelled.
    func enforce(every interval: Duration) async {
        while (try? await Task.sleep(for: interval)) != nil { cutLate() }
    }

    private func cutLate() {
        let now = ContinuousClock.now
        instants.withLock { instants in
            for (socket, instant) in instants where instant < now { Self.cut(socket) }
        }
    }

    private static func cut(_ socket: Int32) {
        // What a client does not read must not stay in the kernel after the close.
        var abort = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &abort, socklen_t(MemoryLayout<linger>.size))
        // libmicrohttpd sees the end of the stream and closes the socket.
        shutdown(socket, Int32(SHUT_RDWR))
    }
}
