// SPDX-License-Identifier: Apache-2.0

extension InstantlyAPI {
    /// `GET /api/v2/accounts`: as the campaigns, with a cursor of time and address, `<timestamp_created>&<email>`.
    static func accounts(_ call: Call) throws(Refusal) -> WireAnswer {
        guard let limit = try call.instantlyLimit() else { return .json(["items": []]) }
        let offset = try offset(behind: call.query("starting_after"), call)
        let listing = Listing(rows: call.scene.mailboxes, faults: call.faults)
        let page = try listing.page(from: offset, limit: limit, or: refusal(.serverError)).rows
        let items = JSON.array(page.map { account($0, call) })
        guard let last = page.last else { return .json(["items": items]) }
        return .json(["items": items, "next_starting_after": .string(cursor(last, call))])
    }

    private static func cursor(_ mailbox: MailboxPlan, _ call: Call) -> String {
        CivilDate(seconds: call.clock.date(of: mailbox.created)).timestamp + "&" + mailbox.address
    }

    /// Where to go on; a cursor that lost what stands behind its `&` on the way is a date, and starts anew.
    private static func offset(behind cursor: String?, _ call: Call) throws(Refusal) -> Int {
        guard let cursor else { return 0 }
        let parts = cursor.split(separator: "&", maxSplits: 1)
        guard let date = parts.first, WireDate.seconds(String(date)) != nil else {
            throw invalid("querystring/starting_after must match format \"date-time\"")
        }
        guard parts.count == 2 else { return 0 }
        let mailboxes = call.scene.mailboxes
        return (mailboxes.firstIndex { $0.address == parts[1] } ?? mailboxes.count) + 1
    }

    private static func account(_ mailbox: MailboxPlan, _ call: Call) -> JSON {
        let row: JSON = [
            "email": .string(mailbox.address), "timestamp_created": call.timestamp(mailbox.created),
            "timestamp_updated": call.timestamp(mailbox.created), "first_name": .string(mailbox.firstName),
            "last_name": .string(mailbox.lastName), "organization": .string(call.scene.world.teamID),
            "status": .int(mailbox.state.instantlyStatus), "warmup_status": mailbox.isWarming ? 1 : 0,
            "provider_code": .int([2, 3, 1][mailbox.host]), "setup_pending": false, "is_managed_account": false,
            "warmup": ["limit": .int(mailbox.dailyLimit)], "daily_limit": .int(mailbox.dailyLimit),
            "sending_gap": 10, "stat_warmup_score": score(mailbox, call), "tracking_domain_status": "active",
            "timestamp_warmup_start": mailbox.isWarming ? call.timestamp(mailbox.created) : nil,
        ]
        return mailbox.state == .failing ? row.with(["status_message": complaint]) : row
    }

    private static func score(_ mailbox: MailboxPlan, _ call: Call) -> JSON {
        let score = MailboxNumbers(warmup: mailbox.warmup(at: call.scene.now)).healthScore
        return score.map { .number(Double($0) - 0.5) } ?? 0
    }

    private static let complaint: JSON = [
        "code": "EENVELOPE", "command": "DATA",
        "response": "550-5.4.5 Daily user sending limit exceeded for lead@prospect.example",
        "e_message": "Can't send mail", "responseCode": 550,
    ]
}
