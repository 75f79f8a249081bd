// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Outreach

extension Array where Element: Sendable {
    /// Does something with every element at the same time; how much of it really runs at once is the gate's matter.
    ///
    /// - Returns: the outcomes in the order of the elements.
    /// - Throws: a failure of one element; the others are cancelled.
    func concurrently<Value: Sendable>(
        _ work: @escaping @Sendable (Element) async throws(CallFailure) -> Value
    ) async throws(CallFailure) -> [Value] {
        let outcomes = await withTaskGroup(of: (Int, Result<Value, CallFailure>).self) { group in
            for (index, element) in enumerated() {
                group.addTask {
                    do throws(CallFailure) {
                        return (index, .success(try await work(element)))
                    } catch {
                        return (index, .failure(error))
                    }
                }
            }
            var outcomes: [(Int, Result<Value, CallFailure>)] = []
            for await outcome in group {
                // The failure that came first stands for all: the others end as cancelled because of it.
                if case .failure = outcome.1 {
                    group.cancelAll()
                    return [outcome]
                }
                outcomes.append(outcome)
            }
            return outcomes.sorted { $0.0 < $1.0 }
        }
        return try outcomes.map { outcome throws(CallFailure) in try outcome.1.get() }
    }

    /// The elements in runs of at most `size`.
    func batches(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}

extension [String] {
    /// Fetches the detail of each campaign: a campaign's failure is its own, a refused key is everybody's.
    func details(
        _ fetch: @escaping @Sendable (String) async throws(CallFailure) -> Campaign
    ) async throws(CallFailure) -> [String: Result<Campaign, CallFailure>] {
        let results = try await concurrently { id async throws(CallFailure) in
            do throws(CallFailure) {
                return (id, Result<Campaign, CallFailure>.success(try await fetch(id)))
            } catch {
                switch error {
                case .refused, .cancelled: throw error
                default: return (id, .failure(error))
                }
            }
        }
        return Dictionary(results) { _, last in last }
    }
}
