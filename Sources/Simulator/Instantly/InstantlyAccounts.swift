// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

extension InstantlyServer {
    /// `GET /api/v2/accounts`: as the campaigns, with a cursor of time and address, `<timestamp_created>&<email>`.
    static func accounts(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        let offset = try offset(after: call.query("starting_after"), call)
        return try page(of: call.snapshot.mailboxes, from: offset, call, cursor: { cursor($0, call) }) {
            account($0, call)
        }
    }

    private static func cursor(_ mailbox: SimulatedMailbox, _ call: APIRequest) -> String {
        Date(timeIntervalSince1970: call.clock.date(of: mailbox.created)).timestamp + "&" + mailbox.address
    }

    /// The offset of the next row; a cursor that lost its address, as in an unescaped URL at the `&`, starts again.
    private static func offset(after cursor: String?, _ call: APIRequest) throws(ResponseError) -> Int {
        guard let cursor else { return 0 }
        let parts = cursor.split(separator: "&", maxSplits: 1)
        guard let date = parts.first, Date(sent: String(date)) != nil else {
            throw invalid("querystring/starting_after must match format \"date-time\"")
        }
        guard parts.count == 2 else { return 0 }
        let mailboxes = call.snapshot.mailboxes
        return (mailboxes.firstIndex { $0.address == parts[1] } ?? mailboxes.count) + 1
    }

    private static func account(_ mailbox: SimulatedMailbox, _ call: APIRequest) -> JSON {
        let row: JSON = [
            "email": .string(mailbox.address), "timestamp_created": call.timestamp(mailbox.created),
            "timestamp_updated": call.timestamp(mailbox.created), "first_name": .string(mailbox.firstName),
            "last_name": .string(mailbox.lastName), "organization": .string(call.snapshot.world.teamID),
            "status": .int(mailbox.state.instantlyStatus), "warmup_status": mailbox.isWarming ? 1 : 0,
            "provider_code": .int([2, 3, 1][mailbox.host]), "setup_pending": false, "is_managed_account": false,
            "warmup": ["limit": .int(mailbox.warmupLimit)], "daily_limit": .int(mailbox.dailyLimit),
            "sending_gap": 10, "stat_warmup_score": score(mailbox, call), "tracking_domain_status": "active",
            "timestamp_warmup_start": mailbox.isWarming ? call.timestamp(mailbox.created) : nil,
        ]
        return mailbox.state == .failing ? row.with(["status_message": complaint]) : row
    }

    private static func score(_ mailbox: SimulatedMailbox, _ call: APIRequest) -> JSON {
        let score = MailboxStatistics(warmup: mailbox.warmup(at: call.snapshot.now)).healthScore
        return score.map { .number(Double($0) - 0.5) } ?? 0
    }

    private static let complaint: JSON = [
        "code": "EENVELOPE", "command": "DATA",
        "response": "550-5.4.5 Daily user sending limit exceeded for lead@prospect.example",
        "e_message": "Can't send mail", "responseCode": 550,
    ]
}

extension InstantlyServer {
    private struct Emails: Decodable {
        let emails: [String]
    }

    private struct Accounts: Decodable {
        let accounts: [String]?
    }

    /// `POST /api/v2/accounts/warmup-analytics`: accounts without warm-up are absent, and so are zeros.
    static func warmup(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        guard let emails = call.body(Emails.self)?.emails else {
            throw invalid("body must have required property 'emails'")
        }
        guard !emails.isEmpty else { throw invalid("body/emails must NOT have fewer than 1 items") }
        guard emails.count <= 100 else { throw invalid("body/emails must NOT have more than 100 items") }
        let asked = call.snapshot.mailboxes.filter { emails.contains($0.address) && $0.isWarming }
        return .json([
            "email_date_data": .object(asked.map { ($0.address, days($0, call)) }),
            "aggregate_data": .object(asked.map { ($0.address, aggregate($0, call)) }),
        ])
    }

    private static func days(_ mailbox: SimulatedMailbox, _ call: APIRequest) -> JSON {
        let days = mailbox.warmup(at: call.snapshot.now)
        return .object(
            days.enumerated().map { index, day in
                let date = call.clock.wallTime - Double(days.count - 1 - index) * .day
                return (Date(timeIntervalSince1970: date).day, numbers(day))
            }
        )
    }

    private static func aggregate(_ mailbox: SimulatedMailbox, _ call: APIRequest) -> JSON {
        let numbers = MailboxStatistics(warmup: mailbox.warmup(at: call.snapshot.now))
        let row = self.numbers(numbers.warmupTotal)
        guard let score = numbers.healthScore else { return row }
        return row.with(["health_score_label": .string("\(score)%"), "health_score": .int(score)])
    }

    /// What is zero is left out.
    private static func numbers(_ day: WarmupCounts) -> JSON {
        let fields = [
            ("sent", day.sent), ("landed_inbox", day.inbox), ("landed_spam", day.spam), ("received", day.received),
        ]
        return .object(fields.filter { $0.1 != 0 }.map { ($0.0, .int($0.1)) })
    }

    /// `POST /api/v2/accounts/test/vitals`: a row per domain, in the list of those that pass or of those that fail.
    static func vitals(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        let asked = call.body(Accounts.self)?.accounts ?? []
        guard !asked.isEmpty else {
            throw ResponseError(response: .json(["error": "Bad request - no emails sent"], status: 400))
        }
        let domains = Set(asked.compactMap { $0.split(separator: "@").last.map(String.init) }).sorted()
        let rows = domains.map { domain($0, call) }
        return .json([
            "status": "success", "success_list": .array(rows.filter(\.passes).map(\.row)),
            "failure_list": .array(rows.filter { !$0.passes }.map(\.row)),
        ])
    }

    private static func domain(_ domain: String, _ call: APIRequest) -> (passes: Bool, row: JSON) {
        let checks = call.snapshot.mailboxes.first { $0.domain == domain }?.checks
        let passed = checks ?? ["mx", "spf", "dkim", "dmarc"].map { ($0, false) }
        let passes = passed.allSatisfy(\.passed)
        let head: JSON = ["domain": .string(domain), "allPass": .bool(passes)]
        return (passes, head.with(.object(passed.map { ($0.name, .bool($0.passed)) })))
    }
}

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
        let fields: JSON = [
            "date": .string(Date(timeIntervalSince1970: midnight).day), "email_account": .string(mailbox.address),
            "bounced": .int(counts[.bounced]), "contacted": .int(counts[.contacted]),
            "new_leads_contacted": .int(counts[.contacted]),
        ]
        return fields.with(messages(counts))
    }
}
