// SPDX-License-Identifier: Apache-2.0

extension Array {
    /// The elements in runs of at most `size`.
    package func batches(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}

extension Array where Element: Sendable {
    /// Does something with every element at the same time; how much of it really runs at once is the gate's matter.
    ///
    /// - Returns: the outcomes in the order of the elements.
    /// - Throws: a failure of one element; the others are cancelled.
    package func concurrently<Value: Sendable>(
        _ work: @escaping @Sendable (Element) async throws(APIError) -> Value
    ) async throws(APIError) -> [Value] {
        let outcomes = await withTaskGroup(of: (Int, Result<Value, APIError>).self) { group in
            for (index, element) in enumerated() {
                group.addTask {
                    do throws(APIError) {
                        return (index, .success(try await work(element)))
                    } catch {
                        return (index, .failure(error))
                    }
                }
            }
            var outcomes: [(Int, Result<Value, APIError>)] = []
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
        return try outcomes.map { outcome throws(APIError) in try outcome.1.get() }
    }
}
