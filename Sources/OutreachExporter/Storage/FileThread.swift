// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// Work on files, each on a thread of its own that may block: the threads of the cooperative pool are two on a small
/// machine, and a disk that takes its time must not hold up a scrape or another account.
enum FileThread {
    /// Does some work and waits for its end, but not for ever.
    ///
    /// A cancelled caller still gets the work done. Where the limit passes the work goes on without its caller.
    ///
    /// - Throws: what the work throws; a `StorageError` for `path` where the limit passed or there is no thread.
    static func run<Value: Sendable>(
        within limit: Duration,
        on path: String,
        _ work: @escaping @Sendable () throws(StorageError) -> Value
    ) async throws(StorageError) -> Value {
        let outcome = Outcome<Value>()
        try start(on: path) {
            do throws(StorageError) {
                outcome.settle(.success(try work()))
            } catch {
                outcome.settle(.failure(error))
            }
        }
        let result = await withTaskGroup { group in
            group.addTask {
                guard (try? await Task.sleep(for: limit)) != nil else { return }
                outcome.settle(.failure(StorageError("finish in time with", path, code: ETIMEDOUT)))
            }
            defer { group.cancelAll() }
            return await outcome.result
        }
        return try result.get()
    }

    /// Starts a detached thread that receives no signal but its own faults.
    private static func start(on path: String, _ body: @escaping @Sendable () -> Void) throws(StorageError) {
        // pthread takes one pointer: a retained box, handed over to exactly one reader.
        let box = Unmanaged.passRetained(Box(body))
        var thread = pthread_t()
        let status = pthread_create(&thread, nil, runBox, box.toOpaque())
        guard status == 0 else {
            box.release()
            throw StorageError("start a thread for", path, code: status)
        }
        pthread_detach(thread)
    }
}

/// The work of a thread, in a box that travels through C.
private final class Box: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }
}

private func runBox(_ box: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    var signals = sigset_t()
    sigfillset(&signals)
    for fault in [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT] { sigdelset(&signals, fault) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    if let box { Unmanaged<Box>.fromOpaque(box).takeRetainedValue().body() }
    return nil
}

/// A result that comes once, from whoever is first.
private final class Outcome<Value: Sendable>: Sendable {
    private struct State {
        var result: Result<Value, StorageError>?
        var waiter: CheckedContinuation<Result<Value, StorageError>, Never>?
    }

    private let state = Mutex(State())

    /// Waits for the result; asked for once.
    var result: Result<Value, StorageError> {
        get async {
            await withCheckedContinuation { waiter in
                let result = state.withLock { state in
                    if state.result == nil { state.waiter = waiter }
                    return state.result
                }
                if let result { waiter.resume(returning: result) }
            }
        }
    }

    /// Gives the result; does nothing where there is one.
    func settle(_ result: Result<Value, StorageError>) {
        let waiter = state.withLock { state in
            guard state.result == nil else { return nil as CheckedContinuation<Result<Value, StorageError>, Never>? }
            state.result = result
            return exchange(&state.waiter, with: nil)
        }
        waiter?.resume(returning: result)
    }
}
