// SPDX-License-Identifier: Apache-2.0

internal import Backfill
internal import Outreach

/// A page of campaigns or accounts.
struct InstantlyPage<Item: JSONDecodable>: JSONDecodable {
    let items: [Item]
    let next: String?

    init(json: JSONObject) throws {
        items = try json.required("items")
        next = json.text("next_starting_after").flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// A row of `GET /campaigns`, drafts included.
struct InstantlyCampaign: JSONDecodable, Identifiable {
    let id: String
    let name: String?
    let status: String?
    let updated: String?

    init(json: JSONObject) throws {
        id = try json.identifier("id")
        name = json.text("name")
        status = json.text("status")
        updated = json.text("timestamp_updated")
    }
}

/// A row of `GET /campaigns/analytics`.
struct InstantlyAnalytics: JSONDecodable, Identifiable {
    let id: String
    let name: String?
    let status: String?
    let measures: Measures<CampaignMeasure>
    /// The counters of `InstantlyMapping.events`, used only to detect changes.
    let revision: String

    init(json: JSONObject) throws {
        id = try json.identifier("campaign_id")
        name = json.text(InstantlyMapping.name)
        status = json.text(InstantlyMapping.status)
        measures = json.measures(InstantlyMapping.analytics)
        revision = InstantlyMapping.events.map { json.text($0) ?? "" }.joined(separator: " ")
    }
}

/// The response of `GET /campaigns/analytics/overview`.
struct InstantlyOverview: JSONDecodable {
    let measures: Measures<CampaignMeasure>
    /// Messages sent, which the analytics report too.
    let sent: Double?

    init(json: JSONObject) throws {
        measures = json.measures(InstantlyMapping.overview)
        sent = json.number("emails_sent_count")
        try json.throwError(unless: measures.count > 0)
    }
}

/// A row of `GET /campaigns/analytics/daily`.
struct InstantlyDay: JSONDecodable {
    let day: Day
    let measures: Measures<CampaignMeasure>

    init(json: JSONObject) throws {
        day = try json.day("date")
        measures = json.measures(InstantlyMapping.daily)
    }
}

/// A row of `GET /campaigns/analytics/steps`.
struct InstantlyStep: JSONDecodable, Hashable {
    let step: String?
    let variant: String?
    let measures: Measures<StepMeasure>

    init(json: JSONObject) {
        step = json.text("step")
        variant = json.text("variant")
        measures = json.measures(InstantlyMapping.steps)
    }
}

/// A row of `GET /accounts`; the id is the address.
struct InstantlyAccount: JSONDecodable, Identifiable {
    let id: String
    let service: String?
    let status: String?
    let warmupStatus: String?
    let measures: Measures<MailboxMeasure>

    init(json: JSONObject) throws {
        id = try json.identifier("email")
        service = json.text(InstantlyMapping.service)
        status = json.text(InstantlyMapping.accountStatus)
        warmupStatus = json.text(InstantlyMapping.warmupStatus)
        measures = json.measures(InstantlyMapping.account)
    }
}

/// The response of `POST /accounts/warmup-analytics`, totals by address.
struct InstantlyWarmup: JSONDecodable {
    let accounts: [String: InstantlyWarmupTotals]

    init(json: JSONObject) throws {
        try json.throwError(unless: json.contains("aggregate_data"))
        let totals = try json.dictionary("aggregate_data", of: InstantlyWarmupTotals.self)
        accounts = Dictionary(totals.map { ($0.lowercased(), $1) }) { _, last in last }
    }
}

/// An account's warm-up over the days that Instantly reports.
struct InstantlyWarmupTotals: JSONDecodable {
    let measures: Measures<MailboxMeasure>
    let placements: [String: Double]

    init(json: JSONObject) {
        var totals = json.measures(InstantlyMapping.warmup)
        totals.merge(json.measures(InstantlyMapping.health))
        // Zeros are omitted, a score of 0 too; without messages sent there is no score.
        if !json.contains("health_score"), let sent = totals[.warmupMessagesSent], sent > 0 { totals[.healthRatio] = 0 }
        measures = totals
        let landed = InstantlyMapping.placements.map { ($1, json.contains($0.name) ? json.number($0.name) : 0) }
        placements = Dictionary(landed) { _, last in last }.compactMapValues { $0 }
    }
}

/// The response of `POST /accounts/test/vitals`: two lists of rows by domain.
struct InstantlyVitals: JSONDecodable {
    let rows: [InstantlyVitalsRow]

    init(json: JSONObject) throws {
        rows = try json.list("success_list") + json.list("failure_list")
        try json.throwError(unless: !rows.isEmpty)
    }
}

/// The checks of a domain.
struct InstantlyVitalsRow: JSONDecodable {
    let domain: String?
    let checks: [String: Bool]

    init(json: JSONObject) {
        domain = json.text("domain")
        let checks = InstantlyMapping.checks.map { ($0.name, json.bool($0.name)) }
        self.checks = Dictionary(checks) { _, last in last }.compactMapValues { $0 }
    }
}
