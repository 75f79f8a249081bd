// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Glibc
internal import Synchronization

/// Work on files, each on a thread of its own that may block: the threads of the cooperative pool are two on a small
/// machine, and a disk that takes its time must not hold up a scrape or another account.
enum FileThread {
    /// Does some work and waits for its end, but not for ever.
    ///
    /// A cancelled caller still gets the work done. Where the limit passes the work goes on without its caller.
    ///
    /// - Throws: what the work throws; a `StorageError` for `path` where the limit passed.
    static func run<Value: Sendable>(
        within limit: Duration,
        on path: String,
        _ work: @escaping @Sendable () throws(StorageError) -> Value
    ) async throws(StorageError) -> Value {
        let outcome = Outcome<Value>()
        DispatchQueue(label: path).async {
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
