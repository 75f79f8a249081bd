// SPDX-License-Identifier: Apache-2.0

internal import Backfill
internal import Collection
internal import Outreach

/// The counters of mailboxes, which Instantly reports per day alone.
extension InstantlyAPI {
    /// The documented maximum of days in a request.
    private static let longestSpan = 31

    /// The counters of at most 100 mailboxes since the first day that counts, by address in lower case.
    func mailboxTotals(of addresses: [String]) async throws(APIError) -> InstantlyMailboxTotals {
        let totals = mailboxTotals
        let subjects = addresses.map { $0.lowercased() }
        var rows: [DailyTotals<MailboxMeasure>.Row] = []
        for span in totals.firstDay(of: subjects).spans(of: Self.longestSpan, through: client.today) {
            rows += try await mailboxDays(of: addresses, span)
        }
        return InstantlyMailboxTotals(
            measures: totals.totals(of: subjects, rows),
            presence: InstantlyMapping.mailboxDays.presence(in: rows.map(\.measures))
        )
    }

    /// Forgets the closed days of mailboxes that are no longer listed.
    func forgetMailboxes(but addresses: [String]) {
        mailboxTotals.forgetAll(but: addresses.map { $0.lowercased() })
    }

    /// The rows of mailboxes within at most 31 days; fewer mailboxes per request where the response would be too large.
    ///
    /// Leaves out rows of other days.
    ///
    /// - Throws: `APIError.invalid` also for a row without a date or address: whose sum would be too small is not known.
    func mailboxDays(
        of addresses: [String],
        _ span: ClosedRange<Day>
    ) async throws(APIError) -> [DailyTotals<MailboxMeasure>.Row] {
        let size = client.pageSize(of: Route.mailboxDays)
        var rows: [InstantlyMailboxDay] = []
        var rest = addresses[...]
        while !rest.isEmpty {
            let batch = rest.prefix(size.rows)
            do throws(APIError) {
                rows += try await fetchMailboxDays(of: batch, span)
                rest = rest.dropFirst(batch.count)
            } catch {
                guard error.isTooLarge, batch.count > 1 else { throw error }
                while size.rows >= batch.count, size.halve() {}
            }
        }
        let known = rows.compactMap(\.row)
        guard known.count == rows.count else {
            throw .invalid(status: 200, reason: "a day without a date or mailbox")
                .of(Route.mailboxDays, for: .mailboxes)
        }
        // The current day may have begun already where the provider counts by another time zone.
        let end = span.upperBound == client.today ? span.upperBound.advanced(by: 1) : span.upperBound
        return known.filter { (span.lowerBound...end).contains($0.day) }
    }

    private func fetchMailboxDays(
        of addresses: ArraySlice<String>,
        _ span: ClosedRange<Day>
    ) async throws(APIError) -> [InstantlyMailboxDay] {
        let query = addresses.map { QueryItem("emails", $0) } + [QueryItem("start_date", "\(span.lowerBound)")]
        let end = end(before: span.upperBound.advanced(by: 1))
        let call = APICall(route: Route.mailboxDays, query: query + [end], part: .mailboxes)
        let response: InstantlyRows<InstantlyMailboxDay> = try await client.fetch(call)
        guard response.isList else {
            throw .invalid(status: 200, reason: "no list of days").of(Route.mailboxDays, for: .mailboxes)
        }
        return response.rows
    }

    private var mailboxTotals: DailyTotals<MailboxMeasure> {
        DailyTotals(
            of: InstantlyMapping.mailboxDays,
            client.facts,
            today: client.today,
            startDate: client.account.startDate
        )
    }
}

struct InstantlyMailboxTotals: Sendable {
    /// By address in lower case.
    let measures: [String: Measures<MailboxMeasure>]
    let presence: [FieldPresence]
}

/// A row of `GET /accounts/analytics/daily`.
struct InstantlyMailboxDay: JSONDecodable {
    /// `nil` without a date or address.
    let row: DailyTotals<MailboxMeasure>.Row?

    init(json: JSONObject) {
        let measures = json.measures(InstantlyMapping.mailboxDays)
        let address = json.text("email_account").flatMap { $0.isEmpty ? nil : $0.lowercased() }
        let day = json.text("date").flatMap { Day($0) }
        row = address.flatMap { address in day.map { .init(subject: address, day: $0, measures: measures) } }
    }
}

extension APIError {
    /// Whether fewer rows may fit: the response is too large, or Instantly says that it would be (413).
    fileprivate var isTooLarge: Bool {
        switch kind {
        case .tooLarge, .rejected(413, _): true
        default: false
        }
    }
}
