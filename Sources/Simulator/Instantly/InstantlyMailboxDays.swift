// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

extension InstantlyServer {
    /// The documented maxima of a request.
    private static let (mostMailboxes, mostDays) = (200, 31)
    /// How many days back numbers are restated, the current day included.
    private static let unsettledDays = 3

    /// `GET /api/v2/accounts/analytics/daily`: a row per mailbox and day with activity.
    static func mailboxDays(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        let emails = Set(call.queries("emails").flatMap { $0.split(separator: ",").map(String.init) })
        guard !emails.isEmpty else { throw invalid("querystring must have required property 'emails'") }
        guard emails.count <= mostMailboxes else {
            throw invalid("querystring/emails must NOT have more than \(mostMailboxes) items")
        }
        _ = try call.instantlySpan()
        let midnights = call.midnights(from: call.query("start_date"), to: call.query("end_date"))
        guard midnights.count <= mostDays else { throw invalid("Date range must not exceed \(mostDays) days") }
        guard let last = midnights.last else { return .json(.array([])) }
        let counts = call.snapshot.mailboxCounts(between: (midnights + [last + .day]).map(call.clock.instant))
        let rows = call.snapshot.mailboxes.filter { emails.contains($0.address) }.flatMap { mailbox in
            zip(midnights, counts[mailbox.index]).filter { !$0.1.isEmpty }.map { midnight, counts in
                let isSettled = call.clock.wallTime - midnight >= Double(unsettledDays) * .day
                return row(mailbox, midnight, isSettled ? counts : unsettled(counts))
            }
        }
        return .json(.array(rows))
    }

    /// The first numbers of a day: some of what happened is not counted yet, and some opens will be found to be none.
    private static func unsettled(_ counts: Counts) -> Counts {
        var first = counts.mapped { $0 - $0 / 16 }
        first[.opens] = counts[.opens] + counts[.opens] / 20
        return first
    }

    private static func row(_ mailbox: SimulatedMailbox, _ midnight: Double, _ counts: Counts) -> JSON {
        [
            "date": .string(Date(timeIntervalSince1970: midnight).day), "email_account": .string(mailbox.address),
            "sent": .int(counts[.sent]), "bounced": .int(counts[.bounced]), "contacted": .int(counts[.contacted]),
            "new_leads_contacted": .int(counts[.contacted]), "opened": .int(counts[.opens]),
            "unique_opened": .int(counts[.opened]), "replies": .int(counts[.replies]),
            "unique_replies": .int(counts[.replied]), "replies_automatic": .int(counts[.automaticReplies]),
            "unique_replies_automatic": .int(counts[.repliedAutomatically]), "clicks": .int(counts[.clicks]),
            "unique_clicks": .int(counts[.clicked]),
        ]
    }
}
