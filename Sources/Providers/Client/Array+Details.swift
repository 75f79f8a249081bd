// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Outreach

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
