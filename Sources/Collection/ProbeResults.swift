// SPDX-License-Identifier: Apache-2.0

/// How a test of the endpoints that an account's configuration uses went, by part.
package struct ProbeResults: Sendable {
    /// How the test of a part went.
    package enum Outcome: Sendable, Hashable {
        case ok
        case failed(APIError)
        /// A part that it needs failed.
        case untested
    }

    private var outcomes: [DataPart: Outcome] = [:]

    package init() {}

    /// The outcome of a part; `nil` if the configuration or the provider does not have it.
    package subscript(part: DataPart) -> Outcome? { outcomes[part] }

    /// Tests a part with a value that the test of another part returned, if that did not fail.
    ///
    /// An object that is gone meanwhile is no failure.
    ///
    /// - Returns: what `request` returned; `nil` if it failed or was not made.
    @discardableResult
    package mutating func test<Input, Value>(
        _ part: DataPart,
        with input: Input?,
        _ request: (Input) async throws(APIError) -> Value
    ) async -> Value? {
        guard let input else {
            outcomes[part] = .untested
            return nil
        }
        do throws(APIError) {
            let value = try await request(input)
            outcomes[part] = .ok
            return value
        } catch {
            outcomes[part] = error == .gone ? .ok : .failed(error)
            return nil
        }
    }

    /// Tests a part that needs no other.
    ///
    /// - Returns: what `request` returned; `nil` if it failed.
    @discardableResult
    package mutating func test<Value>(
        _ part: DataPart,
        _ request: () async throws(APIError) -> Value
    ) async -> Value? {
        await test(part, with: ()) { () throws(APIError) in try await request() }
    }
}
