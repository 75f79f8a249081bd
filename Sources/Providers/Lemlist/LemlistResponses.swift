// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Outreach

/// A row of `GET /campaigns`.
struct LemlistCampaign: JSONDecodable, Identifiable {
    let id: String
    let name: String?
    let status: String?
    let labels: [String]
    /// What is wrong with the campaign, for people.
    let errors: [String]
    /// Whether something is.
    let hasError: Bool
    let measures: Measures<CampaignMeasure>

    init(json: JSONObject) throws {
        id = try json.identifier("_id")
        name = json.text(LemlistMapping.name)
        status = json.text(LemlistMapping.status)
        labels = json.labels(LemlistMapping.label.name)
        errors = json.value(LemlistMapping.errors.name) ?? []
        hasError = json.bool("hasError") ?? !errors.isEmpty
        measures = json.measures(LemlistMapping.listed)
    }
}

/// A page of `GET /campaigns`: an array, or an object with campaigns and, usually, numbered pages.
struct LemlistPage: Decodable {
    let campaigns: [LemlistCampaign]
    let total: Int?
    private let pagination: LemlistPagination?

    init(from decoder: any Decoder) throws {
        if (try? decoder.unkeyedContainer()) != nil {
            campaigns = try [LemlistCampaign](from: decoder)
            pagination = nil
        } else {
            let json = try JSONObject(from: decoder)
            campaigns = try json.required("campaigns")
            pagination = json.value("pagination")
        }
        total = pagination?.total
    }

    /// The parameter of the next page; `cursor` requested this one.
    func next(after cursor: QueryItem?, size: Int) throws(APIError) -> QueryItem? {
        if let pagination { return try pagination.next }
        let offset = cursor.flatMap { Int($0.value) } ?? 0
        return campaigns.count < size ? nil : QueryItem("offset", String(offset + size))
    }
}

/// Numbered pages; on the last one `nextPage` is its own number.
private struct LemlistPagination: JSONDecodable {
    let total: Int?
    private let current: Int
    private let following: Int?
    private let last: Int?

    init(json: JSONObject) {
        total = json.count("totalRecords")
        current = json.count("currentPage") ?? 1
        following = json.count("nextPage")
        last = json.count("totalPage")
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
    /// The campaign's id; only in a batch.
    let campaign: String?
    let measures: Measures<CampaignMeasure>
    let steps: [LemlistStep]

    init(json: JSONObject) throws {
        campaign = json.text("campaignId")
        measures = json.measures(LemlistMapping.stats)
        steps = try json.list("steps")
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

    init(json: JSONObject) {
        index = json.count("index")
        sequence = json.text("sequenceId")
        sequenceStep = json.count("sequenceStep")
        variant = json.text("abTest")
        task = json.text(LemlistMapping.task)
        condition = json.text(LemlistMapping.condition)
        measures = json.measures(LemlistMapping.steps)
    }
}

/// A row of `GET /campaigns/{id}/statutes`: an issue or information about a campaign.
struct LemlistStatute: JSONDecodable {
    /// 3 for an error, 2 for a warning, 1 for information.
    let level: Int
    /// A word, if any.
    let category: String?
    /// A sentence for people.
    let message: String

    init(json: JSONObject) {
        level = json.count("level") ?? 0
        category = json.text("category").flatMap { $0.isEmpty ? nil : $0 }
        message = json.text("message") ?? ""
    }
}

/// The response of `GET /team`.
struct LemlistTeam: JSONDecodable {
    let users: [String]

    init(json: JSONObject) throws {
        let detailed: [JSONObject] = try json.list("users")
        users = detailed.isEmpty ? try json.required("userIds") : try detailed.map { try $0.identifier("userId") }
    }
}

/// A mailbox in the response of `GET /users/{id}`.
struct LemlistMailbox: JSONDecodable, Hashable {
    let id: String?
    let address: String?
    let service: String?
    let status: String?
    let isWarming: Bool?
    let hasLemwarm: Bool
    let measures: Measures<MailboxMeasure>

    init(json: JSONObject) {
        id = json.text("_id")
        address = json.text("email")
        service = json.text(LemlistMapping.service)
        status = json.text(LemlistMapping.mailboxStatus)
        isWarming = json.bool(LemlistMapping.warmupStatus.name)
        hasLemwarm = json.contains("lemwarm")
        measures = json.measures(LemlistMapping.mailbox)
    }
}
