// SPDX-License-Identifier: Apache-2.0

extension SendKitServer {
    private typealias Mailbox = (plan: MailboxPlan, numbers: MailboxNumbers)

    /// `GET /v1/mailboxes`: every mailbox with its set-up checks.
    static func mailboxes(_ call: APIRequest) throws(Refusal) -> SimulatedResponse {
        let status = call.query("status")
        let rows = all(call).filter { status == nil || $0.plan.sendKitStatus == status }
        let page = try SendKitPage(of: rows, call)
        return .json([
            "success": true, "data": .array(page.rows.map { row($0, call) }), "pagination": page.pagination,
        ])
    }

    /// `GET /v1/analytics/mailboxes`: every mailbox's numbers in one array without pages.
    static func mailboxAnalytics(_ call: APIRequest) -> SimulatedResponse {
        let rows = all(call).map { mailbox in
            head(mailbox).with([
                "totalSent": .int(mailbox.numbers.sent), "totalReceived": .int(mailbox.numbers.received),
                "bounceRate": .number(mailbox.numbers.bounceRate), "sentToday": .int(mailbox.numbers.sentToday),
                "dailySendLimit": .int(mailbox.plan.dailyLimit),
                "warmup": [
                    "enabled": .bool(mailbox.plan.isWarming),
                    "status": .string(mailbox.plan.warmupStatus(mailbox.numbers)),
                ],
            ])
        }
        return success(.array(rows))
    }

    /// `GET /v1/mailboxes/{id}/health`: one mailbox in detail.
    static func health(_ call: APIRequest) throws(Refusal) -> SimulatedResponse {
        guard let mailbox = all(call).first(where: { $0.plan.id == call.id }) else {
            throw Refusal(answer: refusal(.notFound))
        }
        let (plan, numbers) = mailbox
        let checks: JSON = .object(plan.checks.map { ($0.name, ["status": .string($0.passed ? "pass" : "fail")]) })
        return success([
            "email": .string(plan.address), "status": .string(plan.sendKitStatus),
            "sendingEnabled": .bool(plan.state == .active),
            "dns": checks.with(["healthScore": .int(plan.setupScore)]), "warmup": warmup(plan, numbers, call),
            "deliverability": [
                "bounceRate": .number(numbers.bounceRate), "totalSent": .int(numbers.sent),
                "totalReceived": .int(numbers.received), "consecutiveFailures": plan.state == .failing ? 3 : 0,
            ],
            "dailySendLimit": .int(plan.dailyLimit), "sentToday": .int(numbers.sentToday), "lastError": lastError(plan),
        ])
    }

    private static func all(_ call: APIRequest) -> [Mailbox] {
        Array(zip(call.scene.mailboxes, call.scene.mailboxNumbers()))
    }

    private static func head(_ mailbox: Mailbox) -> JSON {
        [
            "_id": .string(mailbox.plan.id), "email": .string(mailbox.plan.address),
            "displayName": .string("\(mailbox.plan.firstName) \(mailbox.plan.lastName)"),
            "status": .string(mailbox.plan.sendKitStatus),
        ]
    }

    private static func row(_ mailbox: Mailbox, _ call: APIRequest) -> JSON {
        let (plan, numbers) = mailbox
        let checks: JSON = .object(plan.checks.map { ($0.name, ["status": .string($0.passed ? "pass" : "fail")]) })
        return head(mailbox).with([
            "provider": .string(["gmail", "outlook", "custom"][plan.host]),
            "connectionType": plan.host < 2 ? "oauth" : "smtp", "dailySendLimit": .int(plan.dailyLimit),
            "sentToday": .int(numbers.sentToday), "sendingEnabled": .bool(plan.state == .active),
            "warmup": warmup(plan, numbers, call), "tags": [], "bounceRate": .number(numbers.bounceRate),
            "totalSent": .int(numbers.sent),
            "setupStatus": (["healthScore": .int(plan.setupScore)] as JSON).with(checks),
            "lastError": lastError(plan), "createdAt": call.timestamp(plan.created),
        ])
    }

    private static func lastError(_ plan: MailboxPlan) -> JSON {
        plan.state == .failing ? "Authentication failed" : nil
    }

    private static func warmup(_ plan: MailboxPlan, _ numbers: MailboxNumbers, _ call: APIRequest) -> JSON {
        guard plan.isWarming else { return [:] }
        let total = numbers.warmupTotal
        return [
            "enabled": true, "status": .string(plan.warmupStatus(numbers)), "currentDay": .int(numbers.warmupDay),
            "currentVolume": .int(numbers.warmup.last?.sent ?? 0),
            "metrics": [
                "totalEmailsSent": .int(total.sent), "inboxRate": total.percentage(total.inbox),
                "spamRate": total.percentage(total.spam), "promotionsRate": total.percentage(total.promotions),
                "replyRate": total.percentage(total.replied), "openRate": total.percentage(total.opened),
                "bounceRate": 0, "blockRate": 0, "deferralRate": 0, "lastCalculatedAt": call.timestamp(call.scene.now),
            ],
        ]
    }
}

extension SendKitServer {
    /// `GET /v1/warmup/stats`: the mailboxes that are warming up, and all of them together.
    static func warmup(_ call: APIRequest) throws(Refusal) -> SimulatedResponse {
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

    private static func row(_ mailbox: MailboxPlan, _ numbers: MailboxNumbers, _ call: APIRequest) -> JSON {
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
