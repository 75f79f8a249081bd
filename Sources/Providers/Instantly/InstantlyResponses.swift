// SPDX-License-Identifier: Apache-2.0

internal import Backfill
internal import Outreach

/// A page of campaigns or accounts.
struct InstantlyPage<Item: JSONDecodable>: JSONDecodable {
    let items: [Item]
    let next: String?

    init(row: JSONObject) throws {
        items = try row.required("items")
        next = row.text("next_starting_after").flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// A row of `GET /campaigns`, which knows drafts too.
struct InstantlyCampaign: JSONDecodable, Identifiable {
    let id: String
    let name: String?
    let status: String?
    let updated: String?

    init(row: JSONObject) throws {
        id = try row.identity("id")
        name = row.text("name")
        status = row.text("status")
        updated = row.text("timestamp_updated")
    }
}

/// A row of `GET /campaigns/analytics`.
struct InstantlyAnalytics: JSONDecodable, Identifiable {
    let id: String
    let name: String?
    let status: String?
    let measures: Measures<CampaignMeasure>
    /// Counters of which the overview has the meaning that we export: here they only show movement.
    let movement: String

    init(row: JSONObject) throws {
        id = try row.identity("campaign_id")
        name = row.text(InstantlyMapping.name)
        status = row.text(InstantlyMapping.status)
        measures = row.measures(InstantlyMapping.analytics)
        movement = InstantlyMapping.events.map { row.text($0) ?? "" }.joined(separator: " ")
    }
}

/// The answer of `GET /campaigns/analytics/overview` for one campaign.
struct InstantlyOverview: JSONDecodable {
    let measures: Measures<CampaignMeasure>
    /// The messages sent, of which the analytics tell too.
    let sent: Double?

    init(row: JSONObject) throws {
        measures = row.measures(InstantlyMapping.overview)
        sent = row.number("emails_sent_count")
        try row.refuseError(unless: measures.count > 0)
    }
}

/// A row of `GET /campaigns/analytics/daily`.
struct InstantlyDay: JSONDecodable {
    let day: Day
    let measures: Measures<CampaignMeasure>

    init(row: JSONObject) throws {
        day = try row.day("date")
        measures = row.measures(InstantlyMapping.daily)
    }
}

/// A row of `GET /campaigns/analytics/steps`.
struct InstantlyStep: JSONDecodable, Hashable {
    let step: String?
    let variant: String?
    let measures: Measures<StepMeasure>

    init(row: JSONObject) {
        step = row.text("step")
        variant = row.text("variant")
        measures = row.measures(InstantlyMapping.steps)
    }
}

/// A row of `GET /accounts`, known by its address.
struct InstantlyAccount: JSONDecodable, Identifiable {
    let id: String
    let service: String?
    let status: String?
    let warmupStatus: String?
    let measures: Measures<MailboxMeasure>

    init(row: JSONObject) throws {
        id = try row.identity("email")
        service = row.text(InstantlyMapping.service)
        status = row.text(InstantlyMapping.accountStatus)
        warmupStatus = row.text(InstantlyMapping.warmupStatus)
        measures = row.measures(InstantlyMapping.account)
    }
}

/// The answer of `POST /accounts/warmup-analytics`, of which the totals by address count.
struct InstantlyWarmup: JSONDecodable {
    let accounts: [String: InstantlyWarmupTotals]

    init(row: JSONObject) throws {
        try row.refuseError(unless: row.has("aggregate_data"))
        let totals = try row.mapping("aggregate_data", of: InstantlyWarmupTotals.self)
        accounts = Dictionary(totals.map { ($0.lowercased(), $1) }) { _, last in last }
    }
}

/// An account's warm-up in the provider's window.
struct InstantlyWarmupTotals: JSONDecodable {
    let measures: Measures<MailboxMeasure>
    let placements: [String: Double]

    init(row: JSONObject) {
        var totals = row.measures(InstantlyMapping.warmup)
        totals.merge(row.measures(InstantlyMapping.health))
        // A score of zero is left out like any zero; without a message sent there is none at all.
        if !row.has("health_score"), let sent = totals[.warmupMessagesSent], sent > 0 { totals[.healthRatio] = 0 }
        measures = totals
        let landed = InstantlyMapping.placements.map { ($1, row.has($0.name) ? row.number($0.name) : 0) }
        placements = Dictionary(landed) { _, last in last }.compactMapValues { $0 }
    }
}

/// The answer of `POST /accounts/test/vitals`: rows by domain in two lists of one shape.
struct InstantlyVitals: JSONDecodable {
    let rows: [InstantlyVitalsRow]

    init(row: JSONObject) throws {
        rows = try row.list("success_list") + row.list("failure_list")
        try row.refuseError(unless: !rows.isEmpty)
    }
}

/// The checks of a domain.
struct InstantlyVitalsRow: JSONDecodable {
    let domain: String?
    let checks: [String: Bool]

    init(row: JSONObject) {
        domain = row.text("domain")
        let checks = InstantlyMapping.checks.map { ($0.name, row.flag($0.name)) }
        self.checks = Dictionary(checks) { _, last in last }.compactMapValues { $0 }
    }
}
