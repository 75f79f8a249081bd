// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Glibc
internal import Synchronization

/// Runs operations on files on threads that may block.
///
/// The cooperative pool has only two threads on a small machine: a slow disk must not delay a scrape or another account.
enum FileThread {
    /// Runs an operation and waits for its end or a time limit.
    ///
    /// Neither cancellation nor the time limit stops the operation.
    ///
    /// - Throws: the error of the operation; a `StorageError` for `path` after the time limit.
    static func run<Value: Sendable>(
        within limit: Duration,
        on path: String,
        _ work: @escaping @Sendable () throws(StorageError) -> Value
    ) async throws(StorageError) -> Value {
        let outcome = Outcome<Value>()
        DispatchQueue(label: path).async {
            do throws(StorageError) {
                outcome.set(.success(try work()))
            } catch {
                outcome.set(.failure(error))
            }
        }
        let result = await withTaskGroup { group in
            group.addTask {
                guard (try? await Task.sleep(for: limit)) != nil else { return }
                outcome.set(.failure(StorageError("finish in time with", path, code: ETIMEDOUT)))
            }
            defer { group.cancelAll() }
            return await outcome.result
        }
        return try result.get()
    }
}

private final class Outcome<Value: Sendable>: Sendable {
    private struct State {
        var result: Result<Value, StorageError>?
        var waiter: CheckedContinuation<Result<Value, StorageError>, Never>?
    }

    private let state = Mutex(State())

    /// Waits for the result; may be awaited once.
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

    /// Sets the result, unless it is set already.
    func set(_ result: Result<Value, StorageError>) {
        let waiter = state.withLock { state in
            guard state.result == nil else { return nil as CheckedContinuation<Result<Value, StorageError>, Never>? }
            state.result = result
            return exchange(&state.waiter, with: nil)
        }
        waiter?.resume(returning: result)
    }
}
