// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Exposition
internal import Outreach

/// The tables and rules that turn Smartlead's responses into the report.
enum SmartleadMapping {
    private typealias Route = SmartleadAPI.Route

    static let name = LabelField(Route.campaigns, "name", Catalogue.campaignInfo)
    static let status = LabelField(Route.campaigns, "status", Catalogue.campaignStatus)
    static let service = LabelField(Route.mailboxes, "type", Catalogue.mailboxInfo)
    static let mailboxStatus = LabelField(
        Route.mailboxes,
        "is_suspended, is_smtp_success, is_imap_success",
        Catalogue.mailboxStatus
    )
    static let warmupStatus = LabelField(Route.mailboxes, "warmup_details.status", Catalogue.mailboxWarmupStatus)
    static let spam = LabelField(Route.mailboxes, "warmup_details.total_spam_count", Catalogue.mailboxWarmupLanded)
    /// Leads by state; those not started are what the campaign has left.
    static let leads = ["notStarted", "inprogress", "completed", "paused", "stopped", "blocked"].map {
        (status: $0, label: LabelField(Route.analytics, "campaign_lead_stats.\($0)", Catalogue.campaignLeadsByStatus))
    }

    /// The fields that become labels.
    static let labels = [name, status, service, mailboxStatus, warmupStatus, spam] + leads.map(\.label)
    /// Labels without a field.
    static let constants = [FieldSource(family: Catalogue.stepInfo.name, field: "channel is always `email`")]

    /// The numbers of the totals' listing that show movement.
    static let moving = [
        "sent", "opened", "replied", "bounced", "positive_replied", "unique_lead_count", "unique_open_count",
    ]

    static let listed = FieldTable<CampaignMeasure>(
        route: Route.campaigns,
        fields: [MappedField("created_at", .createdTimestampSeconds, .date)]
    )

    /// Whether `reply_count` counts a lead's further replies is not documented; a reply ends the lead's sequence.
    static let analytics = FieldTable<CampaignMeasure>(
        route: Route.analytics,
        fields: [
            MappedField("campaign_lead_stats.total", .leads),
            MappedField("unique_sent_count", .leadsContacted),
            MappedField("unique_open_count", .leadsOpened),
            MappedField("unique_click_count", .leadsClicked),
            MappedField("reply_count", .leadsReplied, needed: true),
            MappedField("campaign_lead_stats.interested", .leadsInterested),
            MappedField("unsubscribed_count", .leadsUnsubscribed),
            MappedField("sent_count", .messagesSent, needed: true),
            MappedField("bounce_count", .messagesBounced, needed: true),
            MappedField("open_count", .opens, needed: true),
            MappedField("click_count", .clicks, needed: true),
            MappedField("campaign_lead_stats.revenue", .revenue),
        ]
    )

    static let steps = FieldTable<StepMeasure>(
        route: Route.steps,
        fields: [
            MappedField("sent_count", .messagesSent),
            MappedField("bounce_count", .messagesBounced),
            MappedField("reply_count", .messagesReplied),
            MappedField("open_count", .opens),
            MappedField("click_count", .clicks),
            MappedField("unsubscribed_count", .leadsUnsubscribed),
        ]
    )

    /// Counts per day, of which the reference shows the first alone.
    static let daily = FieldTable<CampaignMeasure>(
        route: Route.days,
        fields: [
            MappedField("email_engagement_metrics.sent", .messagesSent),
            MappedField("email_engagement_metrics.bounced", .messagesBounced),
            MappedField("email_engagement_metrics.replied", .leadsReplied),
        ]
    )

    static let mailbox = FieldTable<MailboxMeasure>(
        route: Route.mailboxes,
        fields: [
            MappedField("message_per_day", .dailyLimit),
            MappedField("daily_sent_count", .messagesSentToday),
            MappedField("warmup_details.warmup_reputation", .healthRatio, .percent),
            MappedField("warmup_details.total_sent_count", .warmupMessagesSent),
        ]
    )

    static let health = FieldTable<MailboxMeasure>(
        route: Route.health,
        fields: [
            MappedField("sent", .messagesSent),
            MappedField("bounced", .messagesBounced),
            MappedField("unique_lead_count", .leadsContacted),
            MappedField("replied", .leadsReplied),
        ]
    )

    private static let statuses = CodeTable<CampaignStatus>(
        field: "campaign_status",
        unknown: .unknown,
        values: [
            "drafted": .draft, "active": .active, "paused": .paused, "stopped": .paused, "completed": .completed,
            "archived": .archived,
        ]
    )

    /// The campaigns, with their totals as the revision: what moved is requested in detail.
    static func listing(
        _ campaigns: [SmartleadCampaign],
        _ totals: [SmartleadTotals]
    ) -> SourceResult<[ListedCampaign]> {
        let revisions = Dictionary(totals.map { ($0.id, $0.revision) }) { _, last in last }
        var unknown: [String] = []
        let rows = campaigns.map { row in
            let status = statuses.value(of: row.status?.snakeCased, unknownFields: &unknown)
            return ListedCampaign(
                Campaign(id: row.id, name: row.name, status: status, measures: row.measures),
                revision: revisions[row.id] ?? ""
            )
        }
        return SourceResult(rows, unknownFields: unknown)
    }

    /// A campaign's detail; the listing has its name and status.
    static func detail(_ id: String, _ analytics: SmartleadAnalytics, steps: [Step]) -> Campaign {
        Campaign(id: id, measures: analytics.measures, leadsByStatus: analytics.leadsByStatus, steps: steps)
    }

    /// The steps with their totals; those of several variants have no variant's name.
    static func steps(_ rows: [SmartleadStep], of sequence: [SmartleadSequenceStep]) -> [Step] {
        let known = Dictionary(sequence.map { ($0.id, $0) }) { _, last in last }
        return rows.uniqued().map { row in
            let step = row.id.flatMap { known[$0] }
            let key = Step.Key(
                step: step?.number.map(String.init) ?? "unknown",
                variant: step.map { $0.variants > 1 ? "unknown" : "A" } ?? "unknown"
            )
            return Step(key: key, measures: row.measures)
        }
    }

    /// Joins mailboxes with their totals by address.
    static func mailboxes(_ rows: [SmartleadMailbox], _ totals: [SmartleadMailboxTotal]) -> [Mailbox] {
        let known = Dictionary(totals.map { ($0.id.lowercased(), $0) }) { _, last in last }
        return rows.filter { !$0.id.isEmpty }.map { row in
            var mailbox = Mailbox(
                address: row.id,
                service: row.service?.snakeCased,
                status: status(of: row),
                warmupStatus: row.warmupStatus?.snakeCased,
                measures: row.measures,
                placements: row.spam.map { ["spam": $0] } ?? [:]
            )
            if let total = known[row.id.lowercased()] { mailbox.measures.merge(total.measures) }
            return mailbox
        }
    }

    /// What is wrong with a mailbox, or that nothing is; `nil` where it is not told.
    private static func status(of row: SmartleadMailbox) -> String? {
        if row.isSuspended == true { return "suspended" }
        if row.sends == false { return "smtp_failed" }
        if row.receives == false { return "imap_failed" }
        return row.sends == true ? "connected" : nil
    }
}
