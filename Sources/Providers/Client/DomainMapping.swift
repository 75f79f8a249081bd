// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Outreach

extension [String] {
    /// Fetches a value for each campaign; throws what concerns the account, any other error is the campaign's.
    func results<Value: Sendable>(
        _ fetch: @escaping @Sendable (String) async throws(APIError) -> Value
    ) async throws(APIError) -> [String: Result<Value, APIError>] {
        Dictionary(zip(self, try await concurrentResults(fetch))) { _, last in last }
    }
}

extension SourceResult<[String: Result<Campaign, APIError>]> {
    /// Details of campaigns, which need the fields of a table.
    init(_ details: Content, needing table: FieldTable<CampaignMeasure>) {
        self.init(details)
        presence = table.presence(in: details.values.compactMap { try? $0.get().measures })
    }

    /// Details with the errors of further requests, because of which they lack steps.
    init(
        _ details: [String: Result<(detail: Campaign, error: APIError?), APIError>],
        needing table: FieldTable<CampaignMeasure>
    ) {
        self.init(details.mapValues { $0.map(\.detail) }, needing: table)
        incomplete = details.compactMapValues { try? $0.get().error }
    }
}

extension [String?] {
    /// The error of a route's response with mailboxes without an address, among these; none if all have one.
    func missingAddress(in route: String) -> [APIError] {
        contains { $0?.isEmpty ?? true }
            ? [.invalid(status: 200, reason: "a mailbox without an address").of(route, for: .mailboxes)] : []
    }
}

extension DomainCheck {
    /// One check per domain and kind, sorted; it has passed if all of its kind have.
    static func merged(_ checks: [DomainCheck]) -> [DomainCheck] {
        let checks = checks.map { DomainCheck(domain: $0.domain.lowercased(), check: $0.check, passed: $0.passed) }
        return Dictionary(checks.map { ($0.identity, $0) }) { first, second in first.passed ? second : first }
            .values.sorted { $0.identity < $1.identity }
    }
}

extension Sequence where Element: Hashable {
    /// The elements in order without exact duplicates: a row sent twice counts once.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}

extension Step {
    /// The letter of a variant that the provider counts from 0 (`0` → `A`) or letters itself (`b` → `B`); `nil` for
    /// other texts.
    static func variant(_ text: String?) -> String? {
        guard let text else { return nil }
        if let index = Int(text) { return (0..<702).contains(index) ? letter(index) : nil }
        let isLetters = !text.isEmpty && text.utf8.count <= 2 && text.allSatisfy { $0.isASCII && $0.isLetter }
        return isLetters ? text.uppercased() : nil
    }
}
