// SPDX-License-Identifier: Apache-2.0

internal import Backfill
internal import Collection
internal import Outreach

/// An answer that may be `{}` or nothing, instead of an error that says what does not exist.
struct SmartleadAnswer<Value: Decodable>: Decodable {
    let value: Value?

    init(from decoder: any Decoder) throws {
        let isNothing = try decoder.singleValueContainer().decodeNil() || JSONObject(from: decoder).names.isEmpty
        value = isNothing ? nil : try Value(from: decoder)
    }
}

/// A row of `GET /campaigns/`.
struct SmartleadCampaign: JSONDecodable, Identifiable {
    let id: String
    let name: String?
    let status: String?
    let updated: String?
    let measures: Measures<CampaignMeasure>

    init(json: JSONObject) throws {
        id = try json.identifier("id")
        name = json.text(SmartleadMapping.name)
        status = json.text(SmartleadMapping.status)
        updated = json.text("updated_at")
        measures = json.measures(SmartleadMapping.listed)
    }
}

/// The response of an analytics route: its `data` has one list, under a name that depends on the route.
struct SmartleadList<Row: Decodable>: JSONDecodable {
    let rows: [Row]

    private static var names: [String] {
        ["campaign_wise_performance", "email_health_metrics", "day_wise_stats"]
    }

    init(json: JSONObject) throws {
        let data: JSONObject = try json.required("data")
        guard let name = Self.names.first(where: data.hasValue) else {
            throw MappingError(reason: "an answer without rows in data")
        }
        rows = try data.list(name)
    }
}

/// A row of `GET /analytics/campaign/overall-stats`, a campaign's numbers, used only to detect changes: their time zone is not documented.
struct SmartleadTotals: JSONDecodable, Identifiable {
    let id: String
    let revision: String

    init(json: JSONObject) throws {
        id = try json.identifier("id")
        revision = SmartleadMapping.moving.map { json.text($0) ?? "" }.joined(separator: " ")
    }
}

/// The response of `GET /campaigns/{id}/analytics`.
struct SmartleadAnalytics: JSONDecodable {
    let measures: Measures<CampaignMeasure>
    let leadsByStatus: [String: Double]

    init(json: JSONObject) {
        measures = json.measures(SmartleadMapping.analytics)
        let counts = SmartleadMapping.leads.map { field in
            (field.status, json.quantity(field.label.name))
        }
        leadsByStatus = Dictionary(counts) { _, last in last }.compactMapValues { $0 }
    }
}

/// A row of `GET /campaigns/{id}/sequence-analytics`: a step's totals, over all of its variants.
struct SmartleadStep: JSONDecodable, Hashable {
    /// `nil` if the row has none.
    let id: String?
    let measures: Measures<StepMeasure>

    init(json: JSONObject) {
        id = json.text("email_campaign_seq_id")
        measures = json.measures(SmartleadMapping.steps)
    }
}

/// A row of `GET /campaigns/{id}/sequences`.
struct SmartleadSequenceStep: JSONDecodable, Hashable {
    let id: String
    /// The position, from 1.
    let number: Int?
    /// The number of variants; 0 without an A/B test.
    let variants: Int

    init(json: JSONObject) throws {
        id = try json.identifier("id")
        number = json.count("seq_number")
        variants = Set((json.value("sequence_variants", as: [JSONObject].self) ?? []).map { $0.text("id") }).count
    }
}

/// A row of `GET /analytics/day-wise-overall-stats`: a day of all campaigns that were asked for.
struct SmartleadDay: JSONDecodable {
    /// `nil` if the row has none.
    let day: Day?
    let measures: Measures<CampaignMeasure>

    init(json: JSONObject) {
        day = json.text("date").flatMap { Day($0) }
        measures = json.measures(SmartleadMapping.daily)
    }
}

/// A row of `GET /email-accounts/`, which also holds passwords; the id is the address.
struct SmartleadMailbox: JSONDecodable, Identifiable {
    /// Empty if the row has none.
    let id: String
    let service: String?
    let warmupStatus: String?
    let isSuspended: Bool?
    let sends: Bool?
    let receives: Bool?
    let measures: Measures<MailboxMeasure>
    /// Warm-up messages that arrived as spam.
    let spam: Double?

    init(json: JSONObject) {
        id = json.text("from_email") ?? ""
        service = json.text(SmartleadMapping.service)
        warmupStatus = json.text(SmartleadMapping.warmupStatus)
        isSuspended = json.bool("is_suspended")
        sends = json.bool("is_smtp_success")
        receives = json.bool("is_imap_success")
        measures = json.measures(SmartleadMapping.mailbox)
        spam = json.quantity(SmartleadMapping.spam.name)
    }
}

/// A row of `GET /analytics/mailbox/name-wise-health-metrics`, a mailbox's totals; the id is the address.
struct SmartleadMailboxTotal: JSONDecodable, Identifiable {
    /// Empty if the row has none.
    let id: String
    let measures: Measures<MailboxMeasure>

    init(json: JSONObject) {
        id = json.text("from_email") ?? ""
        measures = json.measures(SmartleadMapping.health)
    }
}
