// SPDX-License-Identifier: Apache-2.0

extension EmailBisonServer {
    /// `GET /api/sender-emails`: every mailbox with its totals.
    static func mailboxes(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        let rows = Array(zip(call.snapshot.mailboxes, call.snapshot.mailboxStatistics()))
        return try page(rows, call) { row($0.0, $0.1, call) }
    }

    private static func row(_ mailbox: SimulatedMailbox, _ numbers: MailboxStatistics, _ call: APIRequest) -> JSON {
        let status =
            switch mailbox.state {
            case .active: "Connected"
            case .paused: "Pending move"
            case .failing: "Not connected"
            }
        let host = ["Google", "Microsoft", "SMTP"][mailbox.host]
        let head: JSON = [
            "id": .int(mailbox.index + 1), "name": .string("\(mailbox.firstName) \(mailbox.lastName)"),
            "email": .string(mailbox.address), "imap_server": "imap.example", "smtp_server": "smtp.example",
            "daily_limit": .int(mailbox.dailyLimit), "type": "Inbox", "status": .string(status),
            "warmup_enabled": .bool(mailbox.isWarming),
            "tags": [
                ["id": 7, "name": "Client A", "default": false], ["id": 1, "name": .string(host), "default": true],
            ],
        ]
        return head.with(totals(numbers)).with([
            "created_at": call.timestamp(mailbox.created), "updated_at": call.timestamp(mailbox.created),
        ])
    }

    private static func totals(_ numbers: MailboxStatistics) -> JSON {
        [
            "emails_sent_count": .int(numbers.sent), "bounced_count": .int(numbers.bounced),
            "total_opened_count": .int(numbers.sent * 9 / 20), "unique_opened_count": .int(numbers.sent * 3 / 10),
            "total_replied_count": .int(numbers.received),
            "unique_replied_count": .int(numbers.received - numbers.received / 10),
            "total_leads_contacted_count": .int(numbers.sent * 2 / 5), "unsubscribed_count": .int(numbers.sent / 200),
            "interested_leads_count": .int(numbers.received / 4),
        ]
    }

    /// `GET /api/warmup/sender-emails`: the warm-up of every mailbox within a range.
    static func warmup(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        guard call.query("start_date") != nil else { throw invalid("start_date") }
        guard call.query("end_date") != nil else { throw invalid("end_date") }
        return try page(call.snapshot.mailboxes, call) { mailbox in
            let numbers = MailboxStatistics(warmup: mailbox.warmup(at: call.snapshot.now))
            let total = numbers.warmupTotal
            return [
                "id": .int(mailbox.index + 1), "email": .string(mailbox.address), "domain": .string(mailbox.domain),
                "tags": [], "warmup_emails_sent": .int(total.sent), "warmup_replies_received": .int(total.replied),
                "warmup_emails_saved_from_spam": .int(total.spam),
                "warmup_score": .number(max(0, Double(numbers.healthScore ?? 0) - 0.5)),
                "warmup_bounces_received_count": 0, "warmup_bounces_caused_count": 0,
                "warmup_disabled_for_bouncing_count": 0,
            ]
        }
    }
}
