// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Exposition
internal import Outreach

/// The tables and rules that turn Instantly's responses into the report: those of campaigns here.
enum InstantlyMapping {
    private typealias Route = InstantlyAPI.Route

    static let name = LabelField(Route.analytics, "campaign_name", Catalogue.campaignInfo)
    static let status = LabelField(Route.analytics, "campaign_status", Catalogue.campaignStatus)
    static let notSending = LabelField(Route.campaigns, "not_sending_status", Catalogue.campaignSendingState)
    static let sendingState = LabelField(Route.sending, "diagnostics.status", Catalogue.campaignSendingState)
    static let senders = LabelField(Route.sending, "diagnostics.accounts_summary", Catalogue.campaignMailboxes)
    static let tag = LabelField(Route.tags, "label", Catalogue.campaignLabel)

    /// The fields that become labels.
    static let labels = [name, status, notSending, sendingState, senders, tag] + mailboxLabels
    /// Labels without a field.
    static let constants = [FieldSource(family: Catalogue.stepInfo.name, field: "channel is always `email`")]

    /// Credits are shared by the workspaces of an organization, and `total_credits` is not what they share.
    static let plan = [
        PlanField(Route.plan, "subscriptions.outreach.total_lead_limit", .limit, of: "leads"),
        PlanField(Route.plan, "subscriptions.outreach.current_lead_count", .used, of: "leads"),
        PlanField(Route.plan, "subscriptions.credits.available_credits", .remaining, of: "credits"),
    ]

    static let listed = FieldTable<CampaignMeasure>(
        route: Route.campaigns,
        fields: [
            MappedField("daily_limit", .dailyLimit),
            MappedField("daily_max_leads", .newLeadsDailyLimit),
        ]
    )

    static let sending = FieldTable<CampaignMeasure>(
        route: Route.sending,
        fields: [
            MappedField("diagnostics.campaign_daily_limit.limit", .dailyLimit),
            MappedField("diagnostics.campaign_daily_limit.sent", .messagesSentToday),
            MappedField("diagnostics.follow_ups_waiting.count", .leadsWaiting),
        ]
    )

    static let analytics = FieldTable<CampaignMeasure>(
        route: Route.analytics,
        fields: [
            MappedField("campaign_is_evergreen", .evergreen, .bool),
            MappedField("leads_count", .leads, needed: true),
            MappedField("contacted_count", .leadsContacted, needed: true),
            MappedField("new_leads_contacted_count", .newLeadsContacted),
            MappedField("unsubscribed_count", .leadsUnsubscribed),
            MappedField("completed_count", .leadsCompleted),
            MappedField("emails_sent_count", .messagesSent, needed: true),
            MappedField("bounced_count", .messagesBounced, needed: true),
            MappedField("total_opportunities", .leadsWithOpportunity),
            MappedField("total_opportunity_value", .opportunityValue),
        ] + unique
    )

    /// Counters whose meaning differs between analytics and overview; the overview's is exported.
    static let events = ["open_count", "link_click_count", "reply_count", "reply_count_automatic"]

    /// Measures of the overview alone; each event counts once, so those of several campaigns add up.
    static let additive: [CampaignMeasure] = [
        .opens, .clicks, .replies, .automaticReplies,
        .leadsInterested, .meetingsBooked, .meetingsCompleted, .dealsClosed,
    ]

    static let overview = FieldTable<CampaignMeasure>(
        route: Route.overview,
        fields: [
            MappedField("open_count", .opens, needed: true),
            MappedField("link_click_count", .clicks, needed: true),
            MappedField("reply_count", .replies, needed: true),
            MappedField("reply_count_automatic", .automaticReplies),
            MappedField("total_interested", .leadsInterested),
            MappedField("total_meeting_booked", .meetingsBooked),
            MappedField("total_meeting_completed", .meetingsCompleted),
            MappedField("total_closed", .dealsClosed),
        ] + unique
    )

    /// Counts per day; other parts of the history exclude these measures.
    static let daily = FieldTable<CampaignMeasure>(
        route: Route.daily,
        fields: [
            MappedField("sent", .messagesSent),
            MappedField("unique_opened", .messagesOpened),
            MappedField("unique_clicks", .messagesClicked),
            MappedField("unique_replies", .messagesReplied),
            MappedField("unique_replies_automatic", .messagesRepliedAutomatically),
            MappedField("opened", .opens),
            MappedField("clicks", .clicks),
            MappedField("replies", .replies),
            MappedField("replies_automatic", .automaticReplies),
        ]
    )

    /// In the overview always, in the analytics since a newer API version.
    private static let unique: [MappedField<CampaignMeasure>] = [
        MappedField("open_count_unique", .leadsOpened),
        MappedField("open_count_unique_by_step", .messagesOpened),
        MappedField("link_click_count_unique", .leadsClicked),
        MappedField("link_click_count_unique_by_step", .messagesClicked),
        MappedField("reply_count_unique", .leadsReplied),
        MappedField("reply_count_unique_by_step", .messagesReplied),
        MappedField("reply_count_automatic_unique", .leadsRepliedAutomatically),
        MappedField("reply_count_automatic_unique_by_step", .messagesRepliedAutomatically),
    ]

    static let steps = FieldTable<StepMeasure>(
        route: Route.steps,
        fields: [
            MappedField("sent", .messagesSent),
            MappedField("unique_opened", .messagesOpened),
            MappedField("unique_clicks", .messagesClicked),
            MappedField("unique_replies", .messagesReplied),
            MappedField("unique_replies_automatic", .messagesRepliedAutomatically),
            MappedField("opened", .opens),
            MappedField("clicks", .clicks),
            MappedField("replies", .replies),
            MappedField("replies_automatic", .automaticReplies),
            MappedField("opportunities", .opportunities),
            MappedField("unique_opportunities", .leadsWithOpportunity),
            MappedField("meetings_booked", .meetingsBooked),
            MappedField("won", .dealsWon),
        ]
    )

    private static let campaignStatuses = CodeTable<CampaignStatus>(
        field: "campaign_status",
        unknown: .unknown,
        values: [
            "0": .draft, "1": .active, "2": .paused, "3": .completed, "4": .runningSubsequences,
            "-99": .accountSuspended, "-1": .accountsUnhealthy, "-2": .bounceProtect,
        ]
    )

    /// The codes of the listing in the words of the sending status; 0 is not documented, and no reason.
    private static let sendingStates = CodeTable<String?>(
        field: "not_sending_status",
        unknown: "unknown",
        values: [
            "0": nil, "1": "out_of_schedule", "2": "waiting_for_leads", "3": "daily_limit_met",
            "4": "account_daily_limit_met", "99": "error",
        ]
    )

    /// The numbers of a campaign without a row in the analytics, which are documented to leave out campaigns that have
    /// sent nothing yet.
    private static let unsent = (analytics.fields + overview.fields).map(\.measure)
        .filter { $0.family.type == .counter }
        .reduce(into: Measures<CampaignMeasure>()) { $0[$1] = 0 }

    /// Joins both lists: each may lack campaigns of the other, and analytics take precedence; if they are a list, a
    /// campaign that is absent from them has sent nothing.
    static func listing(
        _ campaigns: [InstantlyCampaign],
        _ analytics: [InstantlyAnalytics],
        isList: Bool = true
    ) -> SourceResult<[ListedCampaign]> {
        let listed = Dictionary(campaigns.map { ($0.id, $0) }) { _, last in last }
        let counted = Dictionary(analytics.map { ($0.id, $0) }) { _, last in last }
        var unknown: [String] = []
        let rows = Set(listed.keys).union(counted.keys).sorted().map { id in
            var measures = listed[id]?.measures ?? Measures()
            measures.merge(counted[id]?.measures ?? (isList ? unsent : Measures()))
            let campaign = Campaign(
                id: id,
                name: counted[id]?.name ?? listed[id]?.name,
                status: campaignStatuses.value(of: counted[id]?.status ?? listed[id]?.status, unknownFields: &unknown),
                measures: measures
            )
            let sending = sendingStates.value(of: listed[id]?.notSending, unknownFields: &unknown).flatMap(\.self)
            let revision = "\(listed[id]?.updated ?? "") \(counted[id]?.revision ?? "")"
            return ListedCampaign(
                campaign,
                revision: revision,
                isUnsent: isList && counted[id] == nil,
                sending: sending.map { SendingStatus($0) }
            )
        }
        return SourceResult(rows, unknownFields: unknown)
    }

    /// The names of each campaign's tags, of those that have any.
    static func labels(
        of campaigns: Set<String>,
        _ tags: [InstantlyTag],
        _ mappings: [InstantlyTagMapping]
    ) -> [String: [String]] {
        let names = Dictionary(tags.map { ($0.id, $0.label) }) { _, last in last }
        return mappings.reduce(into: [:]) { labels, mapping in
            guard campaigns.contains(mapping.resource), let name = names[mapping.tag].flatMap(\.self) else { return }
            labels[mapping.resource, default: []].append(name)
        }
    }

    static func detail(_ id: String, _ overview: InstantlyOverview? = nil, steps: [InstantlyStep]) -> Campaign {
        Campaign(id: id, measures: overview?.measures ?? Measures(), steps: steps.uniqued().map { step($0) })
    }

    /// Events that Instantly cannot attribute have null, `null`, `\N`, `N/A` or nothing as step and variant.
    private static func step(_ row: InstantlyStep) -> Step {
        let number = row.number.flatMap { $0 > 0 ? String($0) : nil }
        let key = Step.Key(step: number ?? "unknown", variant: Step.variant(row.variant) ?? "unknown")
        return Step(key: key, measures: row.measures)
    }
}
