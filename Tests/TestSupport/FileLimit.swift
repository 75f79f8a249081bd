// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// Raises the soft limit of open files to the hard one: 1,024, as many shells have it, is less than some tests open.
///
/// - Returns: the number of files that the process may have open.
@discardableResult
package func raiseFileLimit() -> Int {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return Int(clamping: limit.rlim_cur)
}

/// The connections that a test may open at the same time, at most `wanted`; prints where these are fewer.
///
/// A connection within the process takes two files. A test takes an eighth of what the process may open, because others
/// run beside it: 64 connections where the hard limit is 1,024, as in containers.
package func affordableConnections(_ wanted: Int, limit: Int = raiseFileLimit()) -> Int {
    let count = min(wanted, max(1, limit / 16))
    if count < wanted { print("\(count) connections instead of \(wanted): the process may open \(limit) files") }
    return count
}

/// Runs a body with a server and its clients as soon as the process has files for it, in the order of asking.
///
/// Eight run at the same time where the hard limit is 1,024; elsewhere there is no wait.
package func withFiles<Result>(_ body: () async throws -> Result) async throws -> Result {
    await permits.acquire()
    defer { permits.release() }
    return try await body()
}

private let permits = FilePermits(max(1, raiseFileLimit() / 128))

/// A semaphore in whose line a cancelled task stays: the tests before it end.
private final class FilePermits: Sendable {
    private let state: Mutex<(free: Int, waiters: [CheckedContinuation<Void, Never>])>

    init(_ count: Int) {
        state = Mutex((count, []))
    }

    func acquire() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                state.free -= 1
                if state.free < 0 { state.waiters.append(continuation) }
                return state.free >= 0
            }
            if isFree { continuation.resume() }
        }
    }

    func release() {
        let next = state.withLock { state in
            state.free += 1
            return state.waiters.isEmpty ? nil : state.waiters.removeFirst()
        }
        next?.resume()
    }
}
