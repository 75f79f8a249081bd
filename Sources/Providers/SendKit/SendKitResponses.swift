// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Backfill
internal import Outreach

/// The envelope of every response.
struct SendKitEnvelope<Payload: Decodable>: JSONDecodable {
    let data: Payload
    let pagination: SendKitPagination?

    init(json: JSONObject) throws {
        guard json.bool("success") != false else { throw MappingError(reason: "an answer without success") }
        data = try json.required("data")
        pagination = json.value("pagination") ?? json.value("data.pagination")
    }
}

/// Pagination by cursor, in older API versions by page number.
struct SendKitPagination: JSONDecodable {
    /// The number of items on all pages; only with numbered pages.
    let total: Int?
    private let hasMore: Bool?
    private let cursor: String?
    private let page: Int?
    private let pages: Int?

    init(json: JSONObject) {
        hasMore = json.bool("hasMore")
        cursor = json.text("nextCursor").flatMap { $0.isEmpty ? nil : $0 }
        page = json.count("page")
        pages = json.count("pages")
        total = hasMore == nil ? json.count("total") : nil
    }

    /// The parameter of the next page; the last page has a cursor too, so only `hasMore` counts.
    var next: QueryItem? {
        get throws(APIError) {
            switch (hasMore, cursor) {
            case (true, let cursor?): return QueryItem("cursor", cursor)
            case (true, nil): throw .invalid(status: 200, reason: "more rows, but no cursor to them")
            case (false, _): return nil
            case (nil, _): return try nextNumber
            }
        }
    }

    private var nextNumber: QueryItem? {
        get throws(APIError) {
            guard let page, let pages else { throw .invalid(status: 200, reason: "pagination of an unknown kind") }
            return page < pages ? QueryItem("page", String(page + 1)) : nil
        }
    }
}

/// A row of `GET /v1/campaigns`.
struct SendKitCampaign: JSONDecodable, Identifiable {
    let id: String
    let name: String?
    let status: String?
    /// Used only to detect changes, since their names differ between API versions.
    let counters: [String: Double]

    init(json: JSONObject) throws {
        id = try json.text("id") ?? json.identifier("_id")
        name = json.text("name")
        status = json.text("status")
        counters = json.numbers("stats") ?? json.numbers
    }
}

/// The response of `GET /v1/workspaces`: a list, in the envelope or without it.
struct SendKitWorkspaces: Decodable {
    let workspaces: [SendKitWorkspace]

    init(from decoder: any Decoder) throws {
        if (try? decoder.unkeyedContainer()) != nil {
            workspaces = try [SendKitWorkspace](from: decoder)
        } else {
            workspaces = try SendKitEnvelope<[SendKitWorkspace]>(from: decoder).data
        }
    }
}

struct SendKitWorkspace: JSONDecodable, Hashable {
    let id: String?
    let name: String?
    let plan: [PlanQuantity]

    init(json: JSONObject) {
        id = json.text("id") ?? json.text("_id")
        name = json.text(SendKitMapping.workspace)
        plan = json.plan(SendKitMapping.plan)
    }
}

/// The response of `GET /v1/campaigns/{id}/analytics`.
struct SendKitAnalytics: JSONDecodable {
    let name: String?
    let status: String?
    let measures: Measures<CampaignMeasure>
    let leadsByStatus: [String: Double]
    let steps: [SendKitStep]
    let subsequences: [SendKitSubsequence]

    init(json: JSONObject) throws {
        name = json.text(SendKitMapping.name)
        status = json.text(SendKitMapping.status)
        measures = json.measures(SendKitMapping.analytics)
        leadsByStatus = json.numbers(SendKitMapping.leads.name) ?? json.counts(SendKitMapping.leads.name)
        steps = try json.list("stepAnalytics")
        subsequences = try json.list("subsequences")
    }
}

/// A row of `GET /v1/analytics/daily/campaigns/{id}`.
struct SendKitDay: JSONDecodable {
    /// `nil` if the row has none.
    let day: Day?
    let measures: Measures<CampaignMeasure>

    init(json: JSONObject) {
        day = json.text("_id").flatMap { Day($0) }
        measures = json.measures(SendKitMapping.daily)
    }
}

/// A step and variant of a campaign or subsequence.
struct SendKitStep: JSONDecodable, Hashable {
    let number: Int?
    let variant: String?
    let measures: Measures<StepMeasure>

    init(json: JSONObject) {
        number = json.count("_id.sequenceStep") ?? json.count("_id")
        variant = json.text("_id.variant").flatMap { $0.isEmpty ? nil : $0 }
        measures = json.measures(SendKitMapping.steps)
    }
}

/// A subsequence of a campaign, in newer API versions.
struct SendKitSubsequence: JSONDecodable {
    let id: String
    let steps: [SendKitStep]

    init(json: JSONObject) throws {
        id = try json.text("id") ?? json.identifier("_id")
        steps = json.value("stepStats") ?? []
    }
}

/// A row of `GET /v1/mailboxes`; the id is the address.
struct SendKitMailbox: JSONDecodable, Identifiable {
    /// Empty if the row has none.
    let id: String
    let service: String?
    let status: String?
    let warmupStatus: String?
    let measures: Measures<MailboxMeasure>
    /// The provider's outcomes by check.
    let checks: [String: String]

    init(json: JSONObject) throws {
        id = json.text("email") ?? ""
        service = json.text(SendKitMapping.service)
        status = json.text(SendKitMapping.mailboxStatus)
        warmupStatus = json.text(SendKitMapping.warmupStatus)
        measures = json.measures(SendKitMapping.mailbox)
        let outcomes = SendKitMapping.checks.map { ($0, json.text($1) ?? json.text("setupStatus.\($0)")) }
        checks = Dictionary(outcomes) { _, last in last }.compactMapValues { $0 }
    }
}

/// A row of `GET /v1/analytics/mailboxes`; the id is the address.
struct SendKitMailboxTotals: JSONDecodable, Identifiable {
    /// Empty if the row has none.
    let id: String
    let measures: Measures<MailboxMeasure>

    init(json: JSONObject) {
        id = json.text("email") ?? ""
        measures = json.measures(SendKitMapping.mailboxTotals)
    }
}

/// The response of `GET /v1/warmup/stats`.
struct SendKitWarmups: JSONDecodable {
    let mailboxes: [SendKitWarmup]

    init(json: JSONObject) throws {
        mailboxes = try json.required("mailboxes")
    }
}

/// The warm-up of a mailbox; the id is the address.
struct SendKitWarmup: JSONDecodable, Identifiable {
    /// Empty if the row has none.
    let id: String
    let measures: Measures<MailboxMeasure>
    let placements: [String: Double]

    init(json: JSONObject) throws {
        id = json.text("email") ?? ""
        measures = json.measures(SendKitMapping.warmup)
        let landed = SendKitMapping.placements.map { ($1, json.number($0.name)) }
        placements = Dictionary(landed) { _, last in last }.compactMapValues { $0 }
    }
}
