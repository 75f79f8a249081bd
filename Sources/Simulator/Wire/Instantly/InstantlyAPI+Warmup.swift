// SPDX-License-Identifier: Apache-2.0

extension InstantlyAPI {
    private struct Emails: Decodable {
        let emails: [String]
    }

    private struct Accounts: Decodable {
        let accounts: [String]?
    }

    /// `POST /api/v2/accounts/warmup-analytics`: accounts without warm-up are absent, and so are zeros.
    static func warmup(_ call: Call) throws(Refusal) -> WireAnswer {
        guard let emails = call.body(Emails.self)?.emails else {
            throw invalid("body must have required property 'emails'")
        }
        guard !emails.isEmpty else { throw invalid("body/emails must NOT have fewer than 1 items") }
        guard emails.count <= 100 else { throw invalid("body/emails must NOT have more than 100 items") }
        let asked = call.scene.mailboxes.filter { emails.contains($0.address) && $0.isWarming }
        return .json([
            "email_date_data": .object(asked.map { ($0.address, days($0, call)) }),
            "aggregate_data": .object(asked.map { ($0.address, aggregate($0, call)) }),
        ])
    }

    private static func days(_ mailbox: MailboxPlan, _ call: Call) -> JSON {
        let days = mailbox.warmup(at: call.scene.now)
        return .object(
            days.enumerated().map { index, day in
                let date = call.clock.wallNow - Double(days.count - 1 - index) * .day
                return (CivilDate(seconds: date).date, numbers(day))
            }
        )
    }

    private static func aggregate(_ mailbox: MailboxPlan, _ call: Call) -> JSON {
        let numbers = MailboxNumbers(warmup: mailbox.warmup(at: call.scene.now))
        let row = self.numbers(numbers.warmupTotal)
        guard let score = numbers.healthScore else { return row }
        return row.with(["health_score_label": .string("\(score)%"), "health_score": .int(score)])
    }

    /// What is zero is left out.
    private static func numbers(_ day: WarmupDay) -> JSON {
        let fields = [
            ("sent", day.sent), ("landed_inbox", day.inbox), ("landed_spam", day.spam), ("received", day.received),
        ]
        return .object(fields.filter { $0.1 != 0 }.map { ($0.0, .int($0.1)) })
    }

    /// `POST /api/v2/accounts/test/vitals`: a row per domain, in the list of those that pass or of those that fail.
    static func vitals(_ call: Call) throws(Refusal) -> WireAnswer {
        let asked = call.body(Accounts.self)?.accounts ?? []
        guard !asked.isEmpty else {
            throw Refusal(answer: .json(["error": "Bad request - no emails sent"], status: 400))
        }
        let domains = Set(asked.compactMap { $0.split(separator: "@").last.map(String.init) }).sorted()
        let rows = domains.map { domain($0, call) }
        return .json([
            "status": "success", "success_list": .array(rows.filter(\.passes).map(\.row)),
            "failure_list": .array(rows.filter { !$0.passes }.map(\.row)),
        ])
    }

    private static func domain(_ domain: String, _ call: Call) -> (passes: Bool, row: JSON) {
        let checks = call.scene.mailboxes.first { $0.domain == domain }?.checks
        let passed = checks ?? ["mx", "spf", "dkim", "dmarc"].map { ($0, false) }
        let passes = passed.allSatisfy(\.passed)
        let head: JSON = ["domain": .string(domain), "allPass": .bool(passes)]
        return (passes, head.with(.object(passed.map { ($0.name, .bool($0.passed)) })))
    }
}
