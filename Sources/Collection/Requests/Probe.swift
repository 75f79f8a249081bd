// SPDX-License-Identifier: Apache-2.0

/// The result of testing an account's API key with one cheap request to each endpoint.
package struct Probe: Sendable {
    /// The errors by the part that cannot be collected, or not completely, because of them.
    package private(set) var errors: [DataPart: [APIError]] = [:]

    package init() {}

    @discardableResult
    package mutating func send<Value: Sendable>(
        for part: DataPart,
        _ request: () async throws(APIError) -> Value
    ) async -> Result<Value, APIError> {
        do throws(APIError) {
            return .success(try await request())
        } catch {
            errors[part, default: []].append(error)
            return .failure(error)
        }
    }

    /// Sends a request for a part that concerns an object of an earlier response, such as the details of a campaign.
    ///
    /// Without an object there is nothing to test. If the earlier request failed, so does this part.
    ///
    /// - Returns: the value; `nil` without an object.
    @discardableResult
    package mutating func send<Object: Sendable, Value: Sendable>(
        for part: DataPart,
        of object: Result<Object?, APIError>,
        _ request: (Object) async throws(APIError) -> Value
    ) async -> Result<Value?, APIError> {
        switch object {
        case .success(nil): return .success(nil)
        case .success(let object?):
            return await send(for: part) { () async throws(APIError) in try await request(object) }
        case .failure(let error):
            // Within its own part the error is recorded already.
            if error.part != part { errors[part] = [error] }
            return .failure(error)
        }
    }
}
