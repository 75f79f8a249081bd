// SPDX-License-Identifier: Apache-2.0

extension LemlistAPI {
    private struct Batch: Decodable {
        let campaignIds: [String]?
        let startDate, endDate, ABSelected, sendUser: String?
        let channels: [String]?
    }

    /// `GET /v2/campaigns/{id}/stats`: the numbers of a span that must be named.
    static func stats(_ call: Call) throws(Refusal) -> WireAnswer {
        var fields = LemlistFilter.Fields(
            startDate: call.query("startDate"),
            endDate: call.query("endDate"),
            abSelected: call.query("ABSelected"),
            sendUser: call.query("sendUser")
        )
        if let channels = call.query("channels") { fields.channels = try list(channels) }
        let filter = try LemlistFilter(fields, call)
        guard let campaign = call.scene.campaign(call.id) else {
            throw Refusal(answer: .text("Campaign not found", status: 404))
        }
        return .json(numbers(of: campaign, filter, call))
    }

    /// `POST /v2/campaigns/stats/batch`: up to a hundred campaigns; one in sixteen is in neither list of the answer.
    static func batch(_ call: Call) throws(Refusal) -> WireAnswer {
        guard let body = call.body(Batch.self), let ids = body.campaignIds, !ids.isEmpty else {
            throw bad("campaignIds must be a non-empty array")
        }
        guard ids.count <= 100 else { throw bad("campaignIds must contain at most 100 items") }
        let fields = LemlistFilter.Fields(
            startDate: body.startDate,
            endDate: body.endDate,
            abSelected: body.ABSelected,
            sendUser: body.sendUser,
            channels: body.channels ?? []
        )
        let filter = try LemlistFilter(fields, call)
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

    private static func numbers(of campaign: CampaignPlan, _ filter: LemlistFilter, _ call: Call) -> JSON {
        let numbers = call.scene.numbers(of: campaign, within: filter.span)
        let cells = Array(zip(campaign.cells, numbers.cells).enumerated()).filter { filter.includes($0.element.0) }
        let sum = cells.reduce(Tally()) { $0 + $1.element.1 }
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

    private static func messages(_ sum: Tally, _ total: Tally) -> JSON {
        [
            "messagesSent": .int(sum[.sent]), "messagesNotSent": .int(sum[.notSent]),
            "messagesBounced": .int(sum[.bounced]), "delivered": .int(sum[.delivered]), "opened": .int(sum[.opened]),
            "clicked": .int(sum[.clicked]), "replied": .int(sum[.replied]),
            "invitationAccepted": .int(sum[.accepted]), "meetingBooked": .int(total[.meetingsBooked]),
        ]
    }

    /// A step; as in the vendor's example the task may be missing from a later e-mail.
    private static func step(_ cell: Cell, _ tally: Tally, index: Int, of campaign: CampaignPlan) -> JSON {
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
