// SPDX-License-Identifier: Apache-2.0

internal import Backfill
internal import Collection
internal import Outreach

/// A page of a list, in Laravel's form: rows, and the number of the page in `meta`.
struct EmailBisonPage<Row: Decodable>: JSONDecodable {
    let rows: [Row]
    /// The number of rows on all pages.
    let total: Int?
    private let page: Int?
    private let lastPage: Int?

    init(json: JSONObject) throws {
        rows = try json.required("data")
        total = json.count("meta.total")
        page = json.count("meta.current_page")
        lastPage = json.count("meta.last_page")
    }

    /// The parameter of the next page; `nil` on the last one, and where the answer has no pages.
    ///
    /// The number of the page that was requested is for answers that do not repeat it.
    func next(after asked: Int) -> QueryItem? {
        let current = page ?? asked
        guard let lastPage, current < lastPage else { return nil }
        return QueryItem("page", String(current + 1))
    }
}

/// A row of `GET /api/campaigns`, which has all totals.
struct EmailBisonCampaign: JSONDecodable, Identifiable {
    let id: String
    let name: String?
    let status: String?
    /// When the campaign was last changed, as text.
    let updated: String?
    let labels: [String]
    let measures: Measures<CampaignMeasure>

    /// Whether it never was launched: then it has no stats.
    var isDraft: Bool { status?.snakeCased == "draft" }

    init(json: JSONObject) throws {
        id = try json.identifier("id")
        name = json.text(EmailBisonMapping.name)
        status = json.text(EmailBisonMapping.status)
        updated = json.text("updated_at")
        labels = json.labels(EmailBisonMapping.tag.name)
        measures = json.measures(EmailBisonMapping.campaign)
    }
}

/// The response of `POST /api/campaigns/{id}/stats`; all numbers of its summary are texts.
struct EmailBisonStats: JSONDecodable {
    let measures: Measures<CampaignMeasure>
    let steps: [EmailBisonStepStats]

    init(json: JSONObject) throws {
        let data: JSONObject = try json.required("data")
        measures = data.measures(EmailBisonMapping.summary)
        steps = try data.list("sequence_step_stats")
    }
}

struct EmailBisonStepStats: JSONDecodable, Hashable {
    /// `nil` if the row has none.
    let step: String?
    let measures: Measures<StepMeasure>

    init(json: JSONObject) {
        step = json.text("sequence_step_id")
        measures = json.measures(EmailBisonMapping.steps)
    }
}

/// A step of a sequence, or a variant of one, in the response of `GET /api/campaigns/v1.1/{id}/sequence-steps`.
struct EmailBisonStep: JSONDecodable, Hashable {
    let id: String
    /// The position in the sequence, from 1.
    let order: Int?
    /// The id of the step that it is a variant of; `nil` for a step.
    let parent: String?

    init(json: JSONObject) throws {
        id = try json.identifier("id")
        order = json.count("order")
        let isVariant = json.bool("variant") ?? json.hasValue("variant_from_step_id")
        parent = isVariant ? json.text("variant_from_step_id") : nil
    }
}

/// The response of `GET /api/campaigns/{id}/line-area-chart-stats`: a curve for each number.
struct EmailBisonChart: JSONDecodable {
    /// One entry for each point of a curve whose number is exported.
    let days: [(day: Day?, measures: Measures<CampaignMeasure>)]

    init(json: JSONObject) throws {
        let curves: [EmailBisonCurve] = try json.required("data")
        days = Dictionary(curves.map { ($0.label, $0) }) { first, _ in first }.values.flatMap(\.days)
    }
}

/// A number by days.
private struct EmailBisonCurve: JSONDecodable {
    let label: String
    let days: [(day: Day?, measures: Measures<CampaignMeasure>)]

    init(json: JSONObject) throws {
        label = json.text("label") ?? ""
        guard let measure = EmailBisonMapping.daily.fields.first(where: { [label] in $0.name == label })?.measure else {
            days = []
            return
        }
        let points: [[JSONScalar?]] = try json.list("dates")
        days = points.map { point in
            var measures = Measures<CampaignMeasure>()
            measures[measure] = point.dropFirst().first.flatMap(\.self).flatMap(FieldUnit.number.read)
            return (point.first.flatMap(\.self).flatMap { Day($0.text) }, measures)
        }
    }
}

/// A row of `GET /api/sender-emails`.
struct EmailBisonMailbox: JSONDecodable, Identifiable {
    /// The row's number and address, as two rows may have one address; empty if it has neither.
    let id: String
    /// Empty if the row has none.
    let address: String
    let status: String?
    let isWarming: Bool?
    /// The names of the tags that the instance gives by itself, such as the host's.
    let defaultTags: [String]
    let measures: Measures<MailboxMeasure>

    init(json: JSONObject) {
        address = json.text("email") ?? ""
        id = (json.text("id") ?? "") + address
        status = json.text(EmailBisonMapping.mailboxStatus)
        isWarming = json.bool(EmailBisonMapping.warmupStatus.name)
        let tags: [JSONObject] = json.value("tags") ?? []
        defaultTags = tags.filter { $0.bool("default") == true }.compactMap { $0.text("name") }
        measures = json.measures(EmailBisonMapping.mailbox)
    }
}

/// A row of `GET /api/warmup/sender-emails`.
struct EmailBisonWarmup: JSONDecodable, Identifiable {
    /// The row's number and address, as two rows may have one address; empty if it has neither.
    let id: String
    /// Empty if the row has none.
    let address: String
    let measures: Measures<MailboxMeasure>

    init(json: JSONObject) {
        address = json.text("email") ?? ""
        id = (json.text("id") ?? "") + address
        measures = json.measures(EmailBisonMapping.warmup)
    }
}

/// A row of `GET /api/campaigns/sending-schedules`.
struct EmailBisonSchedule: JSONDecodable, Hashable {
    /// What the row is about; `nil` if it does not tell.
    let id: String?
    let messages: Double?

    init(json: JSONObject) {
        id = json.text("id") ?? json.text("campaign_id")
        messages = json.quantity("emails_being_sent")
    }
}
