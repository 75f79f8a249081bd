// SPDX-License-Identifier: Apache-2.0

extension LemlistServer {
    private struct Batch: Decodable {
        let campaignIds: [String]?
        let startDate, endDate, ABSelected, sendUser: String?
        let channels: [String]?
    }

    /// `GET /v2/campaigns/{id}/stats`: the numbers of a span that must be named.
    static func stats(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        var fields = LemlistCampaignFilter.Fields(
            startDate: call.query("startDate"),
            endDate: call.query("endDate"),
            abSelected: call.query("ABSelected"),
            sendUser: call.query("sendUser")
        )
        if let channels = call.query("channels") { fields.channels = try list(channels) }
        let filter = try LemlistCampaignFilter(fields, call)
        let campaign = try call.campaign(or: .text("Campaign not found", status: 404))
        return .json(numbers(of: campaign, filter, call))
    }

    /// `POST /v2/campaigns/stats/batch`: up to a hundred campaigns; one in sixteen is in neither list of the answer.
    static func batch(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
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
        let found = ids.compactMap(call.snapshot.campaign).filter { $0.index % 16 != 11 }
        let unknown = ids.filter { call.snapshot.campaign($0) == nil }
        return .json([
            "results": .array(
                found.map { (["campaignId": .string($0.id)] as JSON).with(numbers(of: $0, filter, call)) }
            ),
            "errors": .array(unknown.map { ["campaignId": .string($0), "error": "Campaign not found"] }),
        ])
    }

    private static func list(_ text: String) throws(ResponseError) -> [String] {
        guard let channels = JSON.strings(text) else { throw bad("channels must be a valid array") }
        return channels
    }

    private static func numbers(of campaign: SimulatedCampaign, _ filter: LemlistCampaignFilter, _ call: APIRequest)
        -> JSON
    {
        let numbers = call.snapshot.statistics(of: campaign, within: filter.span)
        let variants = Array(zip(campaign.variants, numbers.variants).enumerated()).filter {
            filter.includes($0.element.0)
        }
        let sum = variants.reduce(Counts()) { $0 + $1.element.1 }
        let steps = variants.map { step($0.element.0, $0.element.1, index: $0.offset + 1, of: campaign) }
        return leads(numbers).with(messages(sum, numbers.total)).with(["steps": .array(steps)])
    }

    private static func leads(_ numbers: CampaignStatistics) -> JSON {
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

    /// A step; as in lemlist's example the task type may be missing from a later e-mail.
    private static func step(_ variant: StepVariant, _ counts: Counts, index: Int, of campaign: SimulatedCampaign)
        -> JSON
    {
        var fields: [(name: String, value: JSON)] = [
            ("index", .int(index)), ("sequenceId", .string(campaign.sequenceIDs[variant.sequence])),
            ("sequenceStep", .int(variant.step ?? 0)),
        ]
        if let letter = variant.letter { fields.append(("abTest", .string(letter))) }
        let isBare = variant.task == .email && index > 2 && campaign.index % 2 == 0
        if !isBare { fields.append(("taskType", .string(variant.task.rawValue))) }
        if let condition = variant.condition { fields.append(("conditionLabel", .string(condition))) }
        return JSON.object(fields).with([
            "invited": .int(counts[.invited]), "sent": .int(counts[.sent]), "delivered": .int(counts[.delivered]),
            "opened": .int(counts[.opened]), "clicked": .int(counts[.clicked]), "replied": .int(counts[.replied]),
            "notDelivered": .int(counts[.notSent]), "bounced": .int(counts[.bounced]),
            "unsubscribed": .int(counts[.unsubscribed]),
        ])
    }
}

extension LemlistServer {
    /// `GET /team`: who belongs to it; with `version=v2` by name.
    static func team(_ call: APIRequest) -> ProviderResponse {
        let world = call.snapshot.world
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
    static func user(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        guard let index = call.snapshot.world.userIDs.firstIndex(of: call.id) else {
            throw ResponseError(response: .text("User not found", status: 404))
        }
        let mailboxes = call.snapshot.mailboxes.filter { $0.index % 2 == index }
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
    static func lemwarm(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        guard let mailbox = call.snapshot.mailboxes.first(where: { $0.id == call.id }) else {
            throw ResponseError(response: .text("Mailbox not found", status: 404))
        }
        let numbers = MailboxStatistics(warmup: mailbox.warmup(at: call.snapshot.now))
        let head: JSON =
            mailbox.index / 2 % 2 == 0
            ? ["active": .bool(mailbox.isWarming), "dailyLimit": .int(mailbox.warmupLimit)]
            : [
                "warmEmailRampup": 2, "warmEmailMax": .int(mailbox.warmupLimit),
                "activeAt": call.timestamp(mailbox.created),
            ]
        guard let score = numbers.healthScore else { return .json(head) }
        let deliverability: JSON = ["score": .int(score), "lastAt": call.timestamp(call.snapshot.now)]
        return .json(head.with(["deliverability": deliverability]))
    }

    /// A mailbox; `provider` is missing unless the host is Google or Microsoft.
    private static func mailbox(_ mailbox: SimulatedMailbox) -> JSON {
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
