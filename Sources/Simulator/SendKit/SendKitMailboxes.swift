// SPDX-License-Identifier: Apache-2.0

extension SendKitServer {
    private typealias Entry = (mailbox: SimulatedMailbox, statistics: MailboxStatistics)

    /// `GET /v1/mailboxes`: every mailbox with its set-up checks.
    static func mailboxes(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        let status = call.query("status")
        let rows = all(call).filter { status == nil || $0.mailbox.sendKitStatus == status }
        return try SendKitPage(of: rows, call).response { row($0, call) }
    }

    /// `GET /v1/analytics/mailboxes`: every mailbox's statistics in one array without pages.
    static func mailboxAnalytics(_ call: APIRequest) -> ProviderResponse {
        let rows = all(call).map { entry in
            head(entry).with([
                "totalSent": .int(entry.statistics.sent), "totalReceived": .int(entry.statistics.received),
                "bounceRate": .number(entry.statistics.bounceRate), "sentToday": .int(entry.statistics.sentToday),
                "dailySendLimit": .int(entry.mailbox.dailyLimit),
                "warmup": [
                    "enabled": .bool(entry.mailbox.isWarming),
                    "status": .string(entry.mailbox.warmupStatus(entry.statistics)),
                ],
            ])
        }
        return success(.array(rows))
    }

    /// `GET /v1/mailboxes/{id}/health`: one mailbox in detail.
    static func health(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        guard let entry = all(call).first(where: { $0.mailbox.id == call.id }) else {
            throw ResponseError(response: errorResponse(.notFound))
        }
        let (mailbox, statistics) = entry
        let checks: JSON = .object(mailbox.checks.map { ($0.name, ["status": .string($0.passed ? "pass" : "fail")]) })
        return success([
            "email": .string(mailbox.address), "status": .string(mailbox.sendKitStatus),
            "sendingEnabled": .bool(mailbox.state == .active),
            "dns": checks.with(["healthScore": .int(mailbox.setupScore)]), "warmup": warmup(mailbox, statistics, call),
            "deliverability": [
                "bounceRate": .number(statistics.bounceRate), "totalSent": .int(statistics.sent),
                "totalReceived": .int(statistics.received), "consecutiveFailures": mailbox.state == .failing ? 3 : 0,
            ],
            "dailySendLimit": .int(mailbox.dailyLimit), "sentToday": .int(statistics.sentToday),
            "lastError": lastError(mailbox),
        ])
    }

    private static func all(_ call: APIRequest) -> [Entry] {
        Array(zip(call.snapshot.mailboxes, call.snapshot.mailboxStatistics()))
    }

    private static func head(_ entry: Entry) -> JSON {
        [
            "_id": .string(entry.mailbox.id), "email": .string(entry.mailbox.address),
            "displayName": .string("\(entry.mailbox.firstName) \(entry.mailbox.lastName)"),
            "status": .string(entry.mailbox.sendKitStatus),
        ]
    }

    private static func row(_ entry: Entry, _ call: APIRequest) -> JSON {
        let (mailbox, statistics) = entry
        let checks: JSON = .object(mailbox.checks.map { ($0.name, ["status": .string($0.passed ? "pass" : "fail")]) })
        return head(entry).with([
            "provider": .string(["gmail", "outlook", "custom"][mailbox.host]),
            "connectionType": mailbox.host < 2 ? "oauth" : "smtp", "dailySendLimit": .int(mailbox.dailyLimit),
            "sentToday": .int(statistics.sentToday), "sendingEnabled": .bool(mailbox.state == .active),
            "warmup": warmup(mailbox, statistics, call), "tags": [], "bounceRate": .number(statistics.bounceRate),
            "totalSent": .int(statistics.sent),
            "setupStatus": (["healthScore": .int(mailbox.setupScore)] as JSON).with(checks),
            "lastError": lastError(mailbox), "createdAt": call.timestamp(mailbox.created),
        ])
    }

    private static func lastError(_ mailbox: SimulatedMailbox) -> JSON {
        mailbox.state == .failing ? "Authentication failed" : nil
    }

    private static func warmup(_ mailbox: SimulatedMailbox, _ statistics: MailboxStatistics, _ call: APIRequest) -> JSON
    {
        guard mailbox.isWarming else { return [:] }
        let total = statistics.warmupTotal
        return [
            "enabled": true, "status": .string(mailbox.warmupStatus(statistics)),
            "currentDay": .int(statistics.warmupDay),
            "currentVolume": .int(statistics.warmup.last?.sent ?? 0),
            "metrics": [
                "totalEmailsSent": .int(total.sent), "inboxRate": total.percentage(total.inbox),
                "spamRate": total.percentage(total.spam), "promotionsRate": total.percentage(total.promotions),
                "replyRate": total.percentage(total.replied), "openRate": total.percentage(total.opened),
                "bounceRate": 0, "blockRate": 0, "deferralRate": 0,
                "lastCalculatedAt": call.timestamp(call.snapshot.now),
            ],
        ]
    }
}

extension SendKitServer {
    /// `GET /v1/warmup/stats`: the mailboxes that are warming up, and all of them together.
    static func warmup(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        let days = call.query("days").map { Int($0) } ?? 30
        guard let days, (1...90).contains(days) else {
            throw ResponseError(response: error(400, "Bad Request", "days must be between 1 and 90"))
        }
        let warming = call.snapshot.mailboxes.filter(\.isWarming)
        let numbers = { (mailbox: SimulatedMailbox) in
            MailboxStatistics(
                warmupDay: mailbox.warmupDay(at: call.snapshot.now),
                warmup: mailbox.warmup(at: call.snapshot.now).suffix(days)
            )
        }
        let total = warming.reduce(WarmupCounts()) { $0 + numbers($1).warmupTotal }
        let page = try SendKitPage(of: warming, call)
        let summary = counts(total).with(["warmingMailboxes": .int(warming.count), "days": .int(days)])
        return .json([
            "success": true,
            "data": ["summary": summary, "mailboxes": .array(page.rows.map { row($0, numbers($0), call) })],
            "pagination": page.pagination,
        ])
    }

    private static func row(_ mailbox: SimulatedMailbox, _ numbers: MailboxStatistics, _ call: APIRequest) -> JSON {
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

    private static func counts(_ total: WarmupCounts) -> JSON {
        [
            "totalSent": .int(total.sent), "inbox": .int(total.inbox), "spam": .int(total.spam),
            "promotions": .int(total.promotions), "replied": .int(total.replied), "opened": .int(total.opened),
            "inboxRate": total.percentage(total.inbox), "spamRate": total.percentage(total.spam),
        ]
    }
}
