// SPDX-License-Identifier: Apache-2.0

internal import Backfill
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

extension HistoryPart {
    /// Counts per day of the measures in a table, subtracted backwards from the current totals.
    static func daily(
        _ table: FieldTable<CampaignMeasure>,
        counts: @escaping DailyHistory.FetchCounts,
        total: @escaping DailyHistory.FetchTotal
    ) -> HistoryPart {
        let measures = Set(table.fields.map(\.measure))
        return HistoryPart("daily") { campaigns, days, advance throws(APIError) in
            let history = DailyHistory(days, advance: advance, counts: counts) { campaign async throws(APIError) in
                try await total(campaign).filtered(measures.contains)
            }
            return try await history.histories(of: campaigns)
        }
    }

    /// Totals up to the beginning of a day, at as many days as are needed.
    static func totals(_ name: String, batch: Int = 1, _ fetch: @escaping Bisection.Fetch) -> HistoryPart {
        HistoryPart(name, batch: batch) { campaigns, days, advance throws(APIError) in
            try await Bisection(days, advance: advance, fetch: fetch).histories(of: campaigns)
        }
    }

    /// The same of a provider that tells them of one campaign at a time.
    static func totals(
        _ name: String,
        _ fetch: @escaping @Sendable (String, Day) async throws(APIError) -> CampaignTotals
    ) -> HistoryPart {
        totals(name) { day, campaigns async throws(APIError) in
            try await campaigns.results { campaign async throws(APIError) in try await fetch(campaign, day) }
        }
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
    private struct Key: Hashable {
        let domain: String
        let check: String
    }

    /// One check per domain and kind, sorted; it has passed if all of its kind have.
    static func merged(_ checks: [DomainCheck]) -> [DomainCheck] {
        let passed = Dictionary(
            checks.map { (Key(domain: $0.domain.lowercased(), check: $0.check), $0.passed) },
            uniquingKeysWith: { $0 && $1 }
        )
        return passed.map { DomainCheck(domain: $0.domain, check: $0.check, passed: $1) }
            .sorted { ($0.domain, $0.check) < ($1.domain, $1.check) }
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
