// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Outreach

/// A row of `GET /campaigns`.
struct LemlistCampaign: JSONDecodable, Identifiable {
    let id: String
    let name: String?
    let status: String?
    let measures: Measures<CampaignMeasure>

    init(row: JSONObject) throws {
        id = try row.identity("_id")
        name = row.text(LemlistMapping.name)
        status = row.text(LemlistMapping.status)
        measures = row.measures(LemlistMapping.listed)
    }
}

/// A page of `GET /campaigns` in either shape: a bare list, or campaigns with a pagination of numbered pages.
struct LemlistPage: Decodable {
    let campaigns: [LemlistCampaign]
    let total: Int?
    private let pagination: LemlistPagination?

    init(from decoder: any Decoder) throws {
        if (try? decoder.unkeyedContainer()) != nil {
            campaigns = try [LemlistCampaign](from: decoder)
            pagination = nil
        } else {
            let row = try JSONObject(decoder)
            try row.refuseError(unless: row.has("campaigns"))
            campaigns = try row.required("campaigns")
            pagination = try row.required("pagination")
        }
        total = pagination?.total
    }

    /// What asks for the page after this one, which `cursor` asked for.
    func next(after cursor: QueryItem?, size: Int) throws(APIError) -> QueryItem? {
        if let pagination { return try pagination.next }
        let offset = cursor.flatMap { Int($0.value) } ?? 0
        return campaigns.count < size ? nil : QueryItem("offset", String(offset + size))
    }
}

/// Numbered pages; on the last one `nextPage` is that page itself.
private struct LemlistPagination: JSONDecodable {
    let total: Int?
    private let current: Int
    private let following: Int?
    private let last: Int?

    init(row: JSONObject) {
        total = row.count("totalRecords")
        current = row.count("currentPage") ?? 1
        following = row.count("nextPage")
        last = row.count("totalPage")
    }

    var next: QueryItem? {
        get throws(APIError) {
            if let following, following > current { return QueryItem("page", String(following)) }
            guard let last, current < last else { return nil }
            throw .invalid(status: 200, reason: "paging stops at page \(current) of \(last)")
        }
    }
}

/// The stats of a campaign, alone or in a batch.
struct LemlistStats: JSONDecodable {
    /// Only in a batch.
    let campaign: String?
    let measures: Measures<CampaignMeasure>
    let steps: [LemlistStep]

    init(row: JSONObject) throws {
        campaign = row.text("campaignId")
        measures = row.measures(LemlistMapping.stats)
        steps = try row.list("steps")
        try row.refuseError(unless: measures.count > 0)
    }
}

/// An entry of the stats' `steps`.
struct LemlistStep: JSONDecodable, Hashable {
    let index: Int?
    let sequence: String?
    let sequenceStep: Int?
    let variant: String?
    let task: String?
    let condition: String?
    let measures: Measures<StepMeasure>

    init(row: JSONObject) {
        index = row.count("index")
        sequence = row.text("sequenceId")
        sequenceStep = row.count("sequenceStep")
        variant = row.text("abTest")
        task = row.text(LemlistMapping.task)
        condition = row.text(LemlistMapping.condition)
        measures = row.measures(LemlistMapping.steps)
    }
}

/// The answer to a batch; whoever is not among the results has failed, named in `errors` or not.
struct LemlistBatch: JSONDecodable {
    let results: [LemlistStats]

    init(row: JSONObject) throws {
        results = try row.required("results")
    }
}

/// The answer of `GET /team`.
struct LemlistTeam: JSONDecodable {
    let users: [String]

    init(row: JSONObject) throws {
        let detailed: [LemlistTeamUser] = try row.list("users")
        users = detailed.isEmpty ? try row.required("userIds") : detailed.map(\.id)
    }
}

/// A user as the team lists it.
private struct LemlistTeamUser: JSONDecodable {
    let id: String

    init(row: JSONObject) throws {
        id = try row.identity("userId")
    }
}

/// The answer of `GET /users/{id}`.
struct LemlistUser: JSONDecodable {
    let mailboxes: [LemlistMailbox]

    init(row: JSONObject) throws {
        mailboxes = try row.list("mailboxes")
    }
}

/// A mailbox of a user.
struct LemlistMailbox: JSONDecodable, Hashable {
    let id: String?
    let address: String?
    let service: String?
    let status: String?
    let isWarming: Bool?
    let hasLemwarm: Bool
    let measures: Measures<MailboxMeasure>

    init(row: JSONObject) {
        id = row.text("_id")
        address = row.text("email")
        service = row.text(LemlistMapping.service)
        status = row.text(LemlistMapping.mailboxStatus)
        isWarming = row.flag(LemlistMapping.warmupStatus.name)
        hasLemwarm = row.has("lemwarm")
        measures = row.measures(LemlistMapping.mailbox)
    }
}

/// The answer of `GET /lemwarm/{id}/settings`: schema and example share only the score.
struct LemlistLemwarm: JSONDecodable {
    let measures: Measures<MailboxMeasure>

    init(row: JSONObject) {
        measures = row.measures(LemlistMapping.lemwarm)
    }
}
