// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Outreach
internal import Synchronization

/// Remembers for an hour that a route, without which the account can be collected, is of no use to it.
final class RouteSuspension: Sendable {
    private struct State {
        var error: APIError?
        var end = Timestamp(seconds: 0)
    }

    private let state = Mutex(State())
    private static let seconds = 3_600.0

    /// The error to assume instead of a request; `nil` if the route may be requested, also where the clock was set back.
    func error(at now: Timestamp) -> APIError? {
        state.withLock { state in
            let isWithin = now.seconds < state.end.seconds && now.seconds >= state.end.seconds - Self.seconds
            return isWithin ? state.error : nil
        }
    }

    /// Suspends the route.
    func suspend(with error: APIError, at now: Timestamp) {
        state.withLock { $0 = State(error: error, end: Timestamp(seconds: now.seconds + Self.seconds)) }
    }

    /// Requests the route for each item; if the provider refuses all of them to the key, not again for an hour.
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
