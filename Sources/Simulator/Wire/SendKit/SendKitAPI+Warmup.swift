// SPDX-License-Identifier: Apache-2.0

extension SendKitAPI {
    /// `GET /v1/warmup/stats`: the mailboxes that are warming up, and all of them together.
    static func warmup(_ call: Call) throws(Refusal) -> WireAnswer {
        let days = call.query("days").map { Int($0) } ?? 30
        guard let days, (1...90).contains(days) else {
            throw Refusal(answer: error(400, "Bad Request", "days must be between 1 and 90"))
        }
        let warming = call.scene.mailboxes.filter(\.isWarming)
        let numbers = { (mailbox: MailboxPlan) in
            MailboxNumbers(
                warmupDay: mailbox.warmupDay(at: call.scene.now),
                warmup: mailbox.warmup(at: call.scene.now).suffix(days)
            )
        }
        let total = warming.reduce(WarmupDay()) { $0 + numbers($1).warmupTotal }
        let page = try SendKitPage(of: warming, call)
        let summary = counts(total).with(["warmingMailboxes": .int(warming.count), "days": .int(days)])
        return .json([
            "success": true,
            "data": ["summary": summary, "mailboxes": .array(page.rows.map { row($0, numbers($0), call) })],
            "pagination": page.pagination,
        ])
    }

    private static func row(_ mailbox: MailboxPlan, _ numbers: MailboxNumbers, _ call: Call) -> JSON {
        let total = numbers.warmupTotal
        return [
            "id": .string(mailbox.id), "email": .string(mailbox.address),
            "warmup": [
                "status": .string(mailbox.warmupStatus(numbers)), "currentDay": .int(numbers.warmupDay),
                "currentVolume": .int(numbers.warmup.last?.sent ?? 0), "startedAt": call.timestamp(mailbox.created),
            ],
            "stats": counts(total).with(["healthScore": .int(total.sendKitScore)]),
        ]
    }

    private static func counts(_ total: WarmupDay) -> JSON {
        [
            "totalSent": .int(total.sent), "inbox": .int(total.inbox), "spam": .int(total.spam),
            "promotions": .int(total.promotions), "replied": .int(total.replied), "opened": .int(total.opened),
            "inboxRate": total.percentage(total.inbox), "spamRate": total.percentage(total.spam),
        ]
    }
}
