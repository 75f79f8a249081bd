// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Outreach
internal import Synchronization

/// Remembers for some time that a request, without which the account can be collected, is of no use to it.
final class RouteSuspension: Sendable {
    private struct State {
        var error: APIError?
        var start = Timestamp(seconds: 0)
    }

    private let state = Mutex(State())
    private let duration: Duration

    /// Suspends a route for a duration, by default an hour.
    init(for duration: Duration = .seconds(3_600)) {
        self.duration = duration
    }

    /// The error to assume instead of a request; `nil` if it may be made, also where the clock was set back.
    func error(at now: Timestamp) -> APIError? {
        state.withLock { state in
            (.zero..<duration).contains(now.since(state.start)) ? state.error : nil
        }
    }

    func suspend(with error: APIError, at now: Timestamp) {
        state.withLock { $0 = State(error: error, start: now) }
    }

    /// Requests the route for each item; if the provider refuses all of them to the key, not again until that is over.
    ///
    /// - Throws: the first error that concerns the whole account (`APIError.concernsAccount`).
    func results<Item: Sendable, Value: Sendable>(
        of items: [Item],
        at now: Timestamp,
        _ fetch: @escaping @Sendable (Item) async throws(APIError) -> Value
    ) async throws(APIError) -> [Result<Value, APIError>] {
        if let error = error(at: now) { return items.map { _ in .failure(error) } }
        let results = try await items.concurrentResults(fetch)
        if let refusal = results.first?.error, results.allSatisfy({ $0.error?.isRefusal == true }) {
            suspend(with: refusal, at: now)
        }
        return results
    }
}
