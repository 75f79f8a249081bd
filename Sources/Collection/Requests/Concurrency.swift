// SPDX-License-Identifier: Apache-2.0

extension Array {
    /// The elements in consecutive batches of `size`, at least 1; the last batch may be shorter.
    package func batches(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}

extension Array where Element: Sendable {
    /// Runs an operation for every element, at most `limit` at the same time, started in the order of the elements.
    ///
    /// - Returns: the results in the order of the elements.
    /// - Throws: the first error; operations still running are cancelled and waited for, the rest is not started.
    package func concurrently<Value: Sendable, Failure: Error>(
        limit: Int = .max,
        _ operation: @escaping @Sendable (Element) async throws(Failure) -> Value
    ) async throws(Failure) -> [Value] {
        let outcome = await withTaskGroup(of: (Int, Result<Value, Failure>).self) { group in
            var waiting = enumerated().makeIterator()
            func startNext() {
                guard let (index, element) = waiting.next() else { return }
                group.addTask {
                    do throws(Failure) {
                        return (index, .success(try await operation(element)))
                    } catch {
                        return (index, .failure(error))
                    }
                }
            }
            for _ in 0..<Swift.min(limit, count) { startNext() }
            var values: [(index: Int, value: Value)] = []
            while let (index, result) = await group.next() {
                switch result {
                case .success(let value): values.append((index, value))
                case .failure(let error):
                    group.cancelAll()
                    return Result<[(index: Int, value: Value)], Failure>.failure(error)
                }
                startNext()
            }
            return .success(values)
        }
        return try outcome.get().sorted { $0.index < $1.index }.map(\.value)
    }

    /// Runs an operation for every element like `concurrently`; an error that concerns one element alone is its result.
    ///
    /// - Throws: the first error that concerns the whole account (`APIError.concernsAccount`).
    package func concurrentResults<Value: Sendable>(
        limit: Int = .max,
        _ operation: @escaping @Sendable (Element) async throws(APIError) -> Value
    ) async throws(APIError) -> [Result<Value, APIError>] {
        try await concurrently(limit: limit) { element async throws(APIError) in
            try await itemResult { () async throws(APIError) in try await operation(element) }
        }
    }
}

/// The value or error of an operation for one item.
///
/// - Throws: an error that concerns the whole account (`APIError.concernsAccount`).
package func itemResult<Value: Sendable>(
    _ operation: @Sendable () async throws(APIError) -> Value
) async throws(APIError) -> Result<Value, APIError> {
    do throws(APIError) {
        return .success(try await operation())
    } catch {
        if error.concernsAccount { throw error }
        return .failure(error)
    }
}

extension Result {
    /// The error of a failure; `nil` for a success.
    package var error: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
