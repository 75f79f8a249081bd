// SPDX-License-Identifier: Apache-2.0

extension LemlistServer {
    private struct Batch: Decodable {
        let campaignIds: [String]?
        let startDate, endDate, ABSelected, sendUser: String?
        let channels: [String]?
    }

    /// `GET /v2/campaigns/{id}/stats`: the numbers of a span that must be named.
    static func stats(_ call: APIRequest) throws(Refusal) -> SimulatedResponse {
        var fields = LemlistCampaignFilter.Fields(
            startDate: call.query("startDate"),
            endDate: call.query("endDate"),
            abSelected: call.query("ABSelected"),
            sendUser: call.query("sendUser")
        )
        if let channels = call.query("channels") { fields.channels = try list(channels) }
        let filter = try LemlistCampaignFilter(fields, call)
        guard let campaign = call.scene.campaign(call.id) else {
            throw Refusal(answer: .text("Campaign not found", status: 404))
        }
        return .json(numbers(of: campaign, filter, call))
    }

    /// `POST /v2/campaigns/stats/batch`: up to a hundred campaigns; one in sixteen is in neither list of the answer.
    static func batch(_ call: APIRequest) throws(Refusal) -> SimulatedResponse {
        guard let body = call.body(Batch.self), let ids = body.campaignIds, !ids.isEmpty else {
            throw bad("campaignIds must be a non-empty array")
        }
        guard ids.count <= 100 else { throw bad("campaignIds must contain at most 100 items") }
        let fields = LemlistCampaignFilter.Fields(
            startDate: body.startDate,
            endDate: body.endDate,
            abSelected: body.ABSelected,
            sendUser: body.sendUser,
            channels: body.channels ?? []
        )
        let filter = try LemlistCampaignFilter(fields, call)
        let found = ids.compactMap(call.scene.campaign).filter { $0.index % 16 != 11 }
        let unknown = ids.filter { call.scene.campaign($0) == nil }
        return .json([
            "results": .array(
                found.map { (["campaignId": .string($0.id)] as JSON).with(numbers(of: $0, filter, call)) }
            ),
            "errors": .array(unknown.map { ["campaignId": .string($0), "error": "Campaign not found"] }),
        ])
    }

    private static func list(_ text: String) throws(Refusal) -> [String] {
        guard let channels = JSON.strings(text) else { throw bad("channels must be a valid array") }
        return channels
    }

    private static func numbers(of campaign: CampaignPlan, _ filter: LemlistCampaignFilter, _ call: APIRequest) -> JSON
    {
        let numbers = call.scene.numbers(of: campaign, within: filter.span)
        let cells = Array(zip(campaign.cells, numbers.cells).enumerated()).filter { filter.includes($0.element.0) }
        let sum = cells.reduce(Counts()) { $0 + $1.element.1 }
        let steps = cells.map { step($0.element.0, $0.element.1, index: $0.offset + 1, of: campaign) }
        return leads(numbers).with(messages(sum, numbers.total)).with(["steps": .array(steps)])
    }

    private static func leads(_ numbers: CampaignNumbers) -> JSON {
        let total = numbers.total
        return [
            "nbLeads": .int(numbers.leads), "nbLeadsLaunched": .int(total[.contacted]),
            "nbLeadsReached": .int(total[.leadsReached]), "nbLeadsOpened": .int(total[.leadsOpened]),
            "nbLeadsInteracted": .int(max(total[.leadsClicked], total[.leadsReplied])),
            "nbLeadsAnswered": .int(total[.leadsReplied]), "nbLeadsInterested": .int(total[.interested]),
            "nbLeadsNotInterested": .int(total[.notInterested]),
            "nbLeadsUnsubscribed": .int(total[.unsubscribed]),
            "nbLeadsInterrupted": .int(total[.leadsInterrupted]),
        ]
    }

    private static func messages(_ sum: Counts, _ total: Counts) -> JSON {
        [
            "messagesSent": .int(sum[.sent]), "messagesNotSent": .int(sum[.notSent]),
            "messagesBounced": .int(sum[.bounced]), "delivered": .int(sum[.delivered]), "opened": .int(sum[.opened]),
            "clicked": .int(sum[.clicked]), "replied": .int(sum[.replied]),
            "invitationAccepted": .int(sum[.accepted]), "meetingBooked": .int(total[.meetingsBooked]),
        ]
    }

    /// A step; as in the vendor's example the task may be missing from a later e-mail.
    private static func step(_ cell: Cell, _ tally: Counts, index: Int, of campaign: CampaignPlan) -> JSON {
        var fields: [(name: String, value: JSON)] = [
            ("index", .int(index)), ("sequenceId", .string(campaign.sequenceIDs[cell.sequence])),
            ("sequenceStep", .int(cell.step ?? 0)),
        ]
        if let letter = cell.letter { fields.append(("abTest", .string(letter))) }
        let isBare = cell.task == .email && index > 2 && campaign.index % 2 == 0
        if !isBare { fields.append(("taskType", .string(cell.task.rawValue))) }
        if let condition = cell.condition { fields.append(("conditionLabel", .string(condition))) }
        return JSON.object(fields).with([
            "invited": .int(tally[.invited]), "sent": .int(tally[.sent]), "delivered": .int(tally[.delivered]),
            "opened": .int(tally[.opened]), "clicked": .int(tally[.clicked]), "replied": .int(tally[.replied]),
            "notDelivered": .int(tally[.notSent]), "bounced": .int(tally[.bounced]),
            "unsubscribed": .int(tally[.unsubscribed]),
        ])
    }
}

extension LemlistServer {
    /// `GET /team`: who belongs to it; with `version=v2` by name.
    static func team(_ call: APIRequest) -> SimulatedResponse {
        let world = call.scene.world
        let team: JSON = [
            "_id": .string(world.teamID), "name": "Northwind", "userIds": .array(world.userIDs.map { .string($0) }),
            "createdBy": .string(world.userIDs[0]), "createdAt": call.timestamp(world.epoch - 400 * .day),
        ]
        guard call.query("version") == "v2" else { return .json(team) }
        let users = world.userIDs.enumerated().map { index, id -> JSON in
            ["userId": .string(id), "name": .string(name(index)), "email": .string(email(index)), "role": role(index)]
        }
        return .json(team.with(["users": .array(users)]))
    }

    /// `GET /users/{userId}`: a user with the mailboxes, which alternate between the two.
    static func user(_ call: APIRequest) throws(Refusal) -> SimulatedResponse {
        guard let index = call.scene.world.userIDs.firstIndex(of: call.id) else {
            throw Refusal(answer: .text("User not found", status: 404))
        }
        let mailboxes = call.scene.mailboxes.filter { $0.index % 2 == index }
        return .json([
            "_id": .string(call.id), "email": .string(email(index)), "role": role(index),
            "linkedIn": [
                "linkedinUrl": .string("https://www.linkedin.example/in/\(name(index).lowercased())"), "status": true,
                "inviteLimit": 25, "sendLimit": 33, "visitLimit": 36,
            ],
            "mailboxes": .array(mailboxes.map(mailbox)),
        ])
    }

    /// `GET /lemwarm/{mailboxId}/settings`: one mailbox in two has the schema's form, the other the example's.
    static func lemwarm(_ call: APIRequest) throws(Refusal) -> SimulatedResponse {
        guard let mailbox = call.scene.mailboxes.first(where: { $0.id == call.id }) else {
            throw Refusal(answer: .text("Mailbox not found", status: 404))
        }
        let numbers = MailboxNumbers(warmup: mailbox.warmup(at: call.scene.now))
        let head: JSON =
            mailbox.index / 2 % 2 == 0
            ? ["active": .bool(mailbox.isWarming), "dailyLimit": .int(mailbox.dailyLimit)]
            : [
                "warmEmailRampup": 2, "warmEmailMax": .int(mailbox.dailyLimit),
                "activeAt": call.timestamp(mailbox.created),
            ]
        guard let score = numbers.healthScore else { return .json(head) }
        let deliverability: JSON = ["score": .int(score), "lastAt": call.timestamp(call.scene.now)]
        return .json(head.with(["deliverability": deliverability]))
    }

    /// A mailbox; where the host is neither of the great two, the provider is missing.
    private static func mailbox(_ mailbox: MailboxPlan) -> JSON {
        let status =
            switch mailbox.state {
            case .active: "CONNECTED"
            case .paused: "DISCONNECTED"
            case .failing: "ERROR"
            }
        let head: JSON = ["_id": .string(mailbox.id), "email": .string(mailbox.address)]
        let host: JSON = mailbox.host < 2 ? ["provider": .string(["google", "microsoft"][mailbox.host])] : [:]
        return head.with(host).with([
            "status": .string(status), "lemlist": ["emailLimit": .int(mailbox.dailyLimit)],
            "lemwarm": ["active": .bool(mailbox.isWarming)],
        ])
    }

    private static func name(_ user: Int) -> String { ["Alex", "Robin"][user] }

    private static func email(_ user: Int) -> String { "\(name(user).lowercased())@northwind.example" }

    private static func role(_ user: Int) -> JSON { user == 0 ? "admin" : "user" }
}
