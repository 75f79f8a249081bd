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

/// The rows of a route for analytics: documented as an array, seen also as `null`, as an object with `items` and as an empty body.
struct InstantlyRows<Row: Decodable & Sendable>: Decodable, Sendable {
    var rows: [Row]
    /// Whether it is a list, in which a campaign without a row has sent nothing; `null` may mean anything.
    let isList: Bool

    init(from decoder: any Decoder) throws {
        if try decoder.singleValueContainer().decodeNil() {
            rows = []
            isList = false
        } else if (try? decoder.unkeyedContainer()) != nil {
            rows = try [Row](from: decoder)
            isList = true
        } else {
            let json = try JSONObject(from: decoder)
            rows = try json.required("items")
            isList = !json.hasValue("next_starting_after")
        }
    }
}

/// A row of `GET /campaigns`, drafts included.
struct InstantlyCampaign: JSONDecodable, Identifiable {
    let id: String
    let name: String?
    let status: String?
    let updated: String?
    /// The code of the reason for which it does not send.
    let notSending: String?
    let measures: Measures<CampaignMeasure>

    init(json: JSONObject) throws {
        id = try json.identifier("id")
        name = json.text("name")
        status = json.text("status")
        notSending = json.text(InstantlyMapping.notSending)
        measures = json.measures(InstantlyMapping.listed)
        updated = json.text("timestamp_updated")
    }
}

/// A row of `GET /campaigns/analytics`.
struct InstantlyAnalytics: JSONDecodable, Identifiable {
    let id: String
    let name: String?
    let status: String?
    var measures: Measures<CampaignMeasure>
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

    init(json: JSONObject) {
        measures = json.measures(InstantlyMapping.overview)
        sent = json.number("emails_sent_count")
    }
}

/// A row of `GET /campaigns/analytics/daily`.
struct InstantlyDay: JSONDecodable {
    /// `nil` if the row has none.
    let day: Day?
    let measures: Measures<CampaignMeasure>

    init(json: JSONObject) {
        day = json.text("date").flatMap { Day($0) }
        measures = json.measures(InstantlyMapping.daily)
    }
}

/// A row of `GET /campaigns/analytics/steps`.
struct InstantlyStep: JSONDecodable, Hashable {
    /// The step's number; `nil` for events that Instantly cannot attribute: null, `null`, `\N`, `N/A` or empty.
    private(set) var number: Int?
    let variant: String?
    let measures: Measures<StepMeasure>

    /// The row with steps counted from 1, where they were counted from `first`.
    func counted(from first: Int) -> InstantlyStep {
        var row = self
        row.number = number.map { $0 - first + 1 }
        return row
    }

    init(json: JSONObject) {
        number = json.count("step")
        variant = json.text("variant")
        measures = json.measures(InstantlyMapping.steps)
    }
}

/// The response of `GET /campaigns/{id}/sending-status`, whose diagnosis may be null.
struct InstantlySendingStatus: JSONDecodable {
    let status: SendingStatus?

    init(json: JSONObject) {
        let summary = InstantlyMapping.senders.name
        var mailboxes: [String: Double] = [:]
        for (reason, count) in json.numbers("\(summary).unavailable") ?? [:] {
            mailboxes[reason.snakeCased] = count
        }
        mailboxes["available"] = json.number("\(summary).available").flatMap { $0 < 0 ? nil : $0 }
        status = json.text(InstantlyMapping.sendingState).map {
            SendingStatus($0.snakeCased, measures: json.measures(InstantlyMapping.sending), mailboxes: mailboxes)
        }
    }
}

/// A row of `GET /custom-tags`.
struct InstantlyTag: JSONDecodable, Identifiable {
    /// Empty if the row has none.
    let id: String
    let label: String?

    init(json: JSONObject) {
        id = json.text("id") ?? ""
        label = json.text(InstantlyMapping.tag)
    }
}

/// A row of `GET /custom-tag-mappings`, of a campaign or of a sending account: what the codes of `resource_type` stand for
/// is documented in two ways, so the id alone decides.
struct InstantlyTagMapping: JSONDecodable, Identifiable {
    let tag: String
    let resource: String
    var id: String { "\(tag) \(resource)" }

    init(json: JSONObject) {
        tag = json.text("tag_id") ?? ""
        resource = json.text("resource_id") ?? ""
    }
}

/// A row of `GET /accounts`; the id is the address.
struct InstantlyAccount: JSONDecodable, Identifiable {
    /// Empty if the row has none.
    let id: String
    let service: String?
    let status: String?
    let warmupStatus: String?
    let measures: Measures<MailboxMeasure>

    init(json: JSONObject) throws {
        id = json.text("email") ?? ""
        service = json.text(InstantlyMapping.service)
        status = json.text(InstantlyMapping.accountStatus)
        warmupStatus = json.text(InstantlyMapping.warmupStatus)
        measures = json.measures(InstantlyMapping.account)
    }
}

/// An account's warm-up in the response of `POST /accounts/warmup-analytics`, over the days that Instantly reports.
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

/// The checks of a domain in the response of `POST /accounts/test/vitals`.
struct InstantlyVitals: JSONDecodable {
    let domain: String?
    let checks: [String: Bool]

    init(json: JSONObject) {
        domain = json.text("domain")
        let checks = InstantlyMapping.checks.map { ($0.name, json.bool($0.name)) }
        self.checks = Dictionary(checks) { _, last in last }.compactMapValues { $0 }
    }
}
