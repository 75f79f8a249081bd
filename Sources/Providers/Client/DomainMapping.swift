// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import FoundationEssentials
internal import Outreach

extension [String] {
    /// Fetches the detail of each campaign: a campaign's failure is its own, a refused key is everybody's.
    func details(
        _ fetch: @escaping @Sendable (String) async throws(APIError) -> Campaign
    ) async throws(APIError) -> [String: Result<Campaign, APIError>] {
        let results = try await concurrently { id async throws(APIError) in
            do throws(APIError) {
                return (id, Result<Campaign, APIError>.success(try await fetch(id)))
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

extension DomainCheck {
    private struct Subject: Hashable {
        let domain: String
        let check: String
    }

    /// One check per domain and kind: passed only if all that were made passed.
    static func merged(_ checks: [DomainCheck]) -> [DomainCheck] {
        let passed = Dictionary(
            checks.map { (Subject(domain: $0.domain.lowercased(), check: $0.check), $0.passed) },
            uniquingKeysWith: { $0 && $1 }
        )
        return passed.map { DomainCheck(domain: $0.domain, check: $0.check, passed: $1) }
            .sorted { ($0.domain, $0.check) < ($1.domain, $1.check) }
    }
}

extension Mailbox {
    /// The part of the address behind the `@`, in lower case.
    var domain: String? {
        address.lastIndex(of: "@").map { address[address.index(after: $0)...].lowercased() }
            .flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension Sequence where Element: Hashable {
    /// The elements in their order, exact repetitions left out: a row sent twice is one row.
    func unrepeated() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}

extension Timestamp {
    /// The moment by the machine's clock.
    static var now: Timestamp { Timestamp(seconds: Date().timeIntervalSince1970) }

    /// The day in UTC: `2026-08-21`.
    var day: String { Date(timeIntervalSince1970: seconds).formatted(.iso8601.year().month().day()) }
}

extension Step {
    /// The letter of a variant that a provider counts from 0 (`0` → `A`) or names itself (`b` → `B`); `nil` for neither.
    static func variant(_ text: String?) -> String? {
        guard let text else { return nil }
        if let index = Int(text) { return (0..<702).contains(index) ? letter(index) : nil }
        let isLetters = !text.isEmpty && text.utf8.count <= 2 && text.allSatisfy { $0.isASCII && $0.isLetter }
        return isLetters ? text.uppercased() : nil
    }
}
