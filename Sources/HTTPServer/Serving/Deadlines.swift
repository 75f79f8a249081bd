// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// When each open connection has to be further than it is; those that are late are cut.
///
/// libmicrohttpd's own time-out starts anew with every byte, so one byte now and then would hold a connection for ever.
/// It also overlooks the end of the stream that arrives together with half a request.
///
/// Clients that open connections and do nothing cannot keep others out: when the last place is taken, an eighth of all
/// connections is cut, those that have got no further for longest. A kept connection may be among them, whose client
/// opens another.
final class Deadlines: Sendable {
    private struct Entry {
        let since: ContinuousClock.Instant
        let end: ContinuousClock.Instant

        init(for allowance: Duration) {
            since = .now
            end = since + allowance
        }
    }

    private let capacity: Int
    private let entries = Mutex<[Int32: Entry]>([:])

    /// Watches over at most so many connections.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Gives a new connection this much time from now on, and makes room for the next.
    func open(_ socket: Int32, _ allowance: Duration) {
        // In one step: between two, another thread would count one connection too few, and nothing be cut any more.
        entries.withLock { entries in
            if entries.count + 1 >= capacity { Self.makeRoom(capacity / 8, in: &entries) }
            entries[socket] = Entry(for: allowance)
        }
    }

    /// Gives a connection this much time from now on, because it has got further.
    func set(_ allowance: Duration, for socket: Int32) {
        entries.withLock { $0[socket] = Entry(for: allowance) }
    }

    /// Forgets a connection; called before its descriptor is closed and can become another's.
    func remove(_ socket: Int32) {
        _ = entries.withLock { $0.removeValue(forKey: socket) }
    }

    /// Cuts what is late, at this interval, until cancelled.
    func enforce(every interval: Duration) async {
        while (try? await Task.sleep(for: interval)) != nil { cutLate() }
    }

    private static func makeRoom(_ count: Int, in entries: inout [Int32: Entry]) {
        for (socket, _) in entries.sorted(by: { $0.value.since < $1.value.since }).prefix(max(1, count)) {
            cut(socket)
            entries[socket] = nil
        }
    }

    private func cutLate() {
        let now = ContinuousClock.now
        entries.withLock { entries in
            for (socket, entry) in entries where entry.end < now { cut(socket) }
        }
    }
}
