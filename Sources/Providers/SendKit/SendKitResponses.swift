// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Backfill
internal import Outreach

/// What every answer comes in.
struct SendKitEnvelope<Payload: Decodable>: JSONDecodable {
    let data: Payload
    let pagination: SendKitPagination?

    init(row: JSONObject) throws {
        try row.refuseError(unless: row.flag("success") != false)
        guard row.flag("success") != false else { throw MappingError(reason: "an answer without success") }
        data = try row.required("data")
        pagination = row.value("pagination") ?? row.value("data.pagination")
    }
}

/// Paging by cursor, or by page number in older versions.
struct SendKitPagination: JSONDecodable {
    /// How many rows there are, where pages are numbered.
    let total: Int?
    private let hasMore: Bool?
    private let cursor: String?
    private let page: Int?
    private let pages: Int?

    init(row: JSONObject) {
        hasMore = row.flag("hasMore")
        cursor = row.text("nextCursor").flatMap { $0.isEmpty ? nil : $0 }
        page = row.count("page")
        pages = row.count("pages")
        total = hasMore == nil ? row.count("total") : nil
    }

    /// What asks for the next page: a cursor stands on the last page too, so only `hasMore` counts.
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
    /// Counters whose names differ from version to version: here they only show movement.
    let movement: [String: Double]

    init(row: JSONObject) throws {
        id = try row.text("id") ?? row.identity("_id")
        name = row.text("name")
        status = row.text("status")
        movement = row.numbers("stats") ?? [:]
    }
}

/// The answer of `GET /v1/campaigns/{id}/analytics`.
struct SendKitAnalytics: JSONDecodable {
    let name: String?
    let status: String?
    let measures: Measures<CampaignMeasure>
    let leadsByStatus: [String: Double]
    let steps: [SendKitStep]
    let subsequences: [SendKitSubsequence]

    init(row: JSONObject) throws {
        name = row.text(SendKitMapping.name)
        status = row.text(SendKitMapping.status)
        measures = row.measures(SendKitMapping.analytics)
        leadsByStatus = row.numbers(SendKitMapping.leads.name) ?? [:]
        steps = try row.list("stepAnalytics")
        subsequences = try row.list("subsequences")
    }
}

/// A row of `GET /v1/analytics/daily/campaigns/{id}`.
struct SendKitDay: JSONDecodable {
    let day: Day
    let measures: Measures<CampaignMeasure>

    init(row: JSONObject) throws {
        day = try row.day("_id")
        measures = row.measures(SendKitMapping.daily)
    }
}

/// A step and variant of a campaign or subsequence.
struct SendKitStep: JSONDecodable, Hashable {
    let number: Int?
    let variant: String?
    let measures: Measures<StepMeasure>

    init(row: JSONObject) {
        number = row.count("_id.sequenceStep") ?? row.count("_id")
        variant = row.text("_id.variant")
        measures = row.measures(SendKitMapping.steps)
    }
}

/// A subsequence of a campaign, in newer versions.
struct SendKitSubsequence: JSONDecodable {
    let id: String
    let steps: [SendKitStep]

    init(row: JSONObject) throws {
        id = try row.text("id") ?? row.identity("_id")
        steps = row.value("stepStats") ?? []
    }
}

/// A row of `GET /v1/mailboxes`, known by its address.
struct SendKitMailbox: JSONDecodable, Identifiable {
    let id: String
    let service: String?
    let status: String?
    let warmupStatus: String?
    let measures: Measures<MailboxMeasure>
    /// The outcome of each check, in the provider's words.
    let checks: [String: String]

    init(row: JSONObject) throws {
        id = try row.identity("email")
        service = row.text(SendKitMapping.service)
        status = row.text(SendKitMapping.mailboxStatus)
        warmupStatus = row.text(SendKitMapping.warmupStatus)
        measures = row.measures(SendKitMapping.mailbox)
        let outcomes = SendKitMapping.checks.map { ($0, row.text($1) ?? row.text("setupStatus.\($0)")) }
        checks = Dictionary(outcomes) { _, last in last }.compactMapValues { $0 }
    }
}

/// The answer of `GET /v1/warmup/stats`.
struct SendKitWarmups: JSONDecodable {
    let mailboxes: [SendKitWarmup]

    init(row: JSONObject) throws {
        mailboxes = try row.required("mailboxes")
    }
}

/// The warm-up of a mailbox, known by the mailbox's address.
struct SendKitWarmup: JSONDecodable, Identifiable {
    let id: String
    let measures: Measures<MailboxMeasure>
    let placements: [String: Double]

    init(row: JSONObject) throws {
        id = try row.identity("email")
        measures = row.measures(SendKitMapping.warmup)
        let landed = SendKitMapping.placements.map { ($1, row.number($0.name)) }
        placements = Dictionary(landed) { _, last in last }.compactMapValues { $0 }
    }
}
