// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Exposition
internal import Outreach

/// The tables and rules that turn EmailBison's responses into the report.
enum EmailBisonMapping {
    private typealias Route = EmailBisonAPI.Route

    static let name = LabelField(Route.campaigns, "name", Catalogue.campaignInfo)
    static let status = LabelField(Route.campaigns, "status", Catalogue.campaignStatus)
    static let tag = LabelField(Route.campaigns, "tags", Catalogue.campaignLabel)
    static let service = LabelField(Route.mailboxes, "tags", Catalogue.mailboxInfo)
    static let mailboxStatus = LabelField(Route.mailboxes, "status", Catalogue.mailboxStatus)
    static let warmupStatus = LabelField(Route.mailboxes, "warmup_enabled", Catalogue.mailboxWarmupStatus)
    static let scheduled = LabelField(Route.schedules, "emails_being_sent", Catalogue.messagesScheduled)

    /// The fields that become labels, and the forecast.
    static let labels = [name, status, tag, service, mailboxStatus, warmupStatus, scheduled]
    /// Labels without a field.
    static let constants = [FieldSource(family: Catalogue.stepInfo.name, field: "channel is always `email`")]

    /// The listing has the totals of every campaign.
    static let campaign = FieldTable<CampaignMeasure>(
        route: Route.campaigns,
        fields: [
            MappedField("created_at", .createdTimestampSeconds, .date),
            MappedField("total_leads", .leads, needed: true),
            MappedField("total_leads_contacted", .leadsContacted, needed: true),
            MappedField("unique_opens", .leadsOpened, needed: true),
            MappedField("unique_replies", .leadsReplied, needed: true),
            MappedField("interested", .leadsInterested, needed: true),
            MappedField("unsubscribed", .leadsUnsubscribed, needed: true),
            MappedField("emails_sent", .messagesSent, needed: true),
            MappedField("bounced", .messagesBounced, needed: true),
            MappedField("opened", .opens, needed: true),
            MappedField("replied", .replies, needed: true),
            MappedField("max_emails_per_day", .dailyLimit),
            MappedField("max_new_leads_per_day", .newLeadsDailyLimit),
        ]
    )

    /// The totals of a range; leads contacted in one are those of the range, so they have no total up to a day.
    static let summary = FieldTable<CampaignMeasure>(
        route: Route.stats,
        fields: [
            MappedField("emails_sent", .messagesSent),
            MappedField("bounced", .messagesBounced),
            MappedField("opened", .opens),
            MappedField("unique_opens_per_contact", .leadsOpened),
            MappedField("unique_replies_per_contact", .leadsReplied),
            MappedField("interested", .leadsInterested),
            MappedField("unsubscribed", .leadsUnsubscribed),
        ]
    )

    /// The labels of the curves; of `Replied` it is not documented whether repetitions count.
    static let daily = FieldTable<CampaignMeasure>(
        route: Route.days,
        fields: [
            MappedField("Sent", .messagesSent),
            MappedField("Bounced", .messagesBounced),
            MappedField("Total Opens", .opens),
            MappedField("Unique Opens", .leadsOpened),
            MappedField("Unsubscribed", .leadsUnsubscribed),
            MappedField("Interested", .leadsInterested),
        ]
    )

    static let steps = FieldTable<StepMeasure>(
        route: Route.stats,
        fields: [
            MappedField("sent", .messagesSent),
            MappedField("bounced", .messagesBounced),
            MappedField("unique_opens", .messagesOpened),
            MappedField("unique_replies", .messagesReplied),
            MappedField("interested", .leadsInterested),
            MappedField("unsubscribed", .leadsUnsubscribed),
        ]
    )

    static let mailbox = FieldTable<MailboxMeasure>(
        route: Route.mailboxes,
        fields: [
            MappedField("daily_limit", .dailyLimit),
            MappedField("emails_sent_count", .messagesSent),
            MappedField("bounced_count", .messagesBounced),
            MappedField("total_opened_count", .opens),
            MappedField("total_replied_count", .replies),
            MappedField("total_leads_contacted_count", .leadsContacted),
            MappedField("unique_opened_count", .leadsOpened),
            MappedField("unique_replied_count", .leadsReplied),
            MappedField("interested_leads_count", .leadsInterested),
            MappedField("unsubscribed_count", .leadsUnsubscribed),
        ]
    )

    static let warmup = FieldTable<MailboxMeasure>(
        route: Route.warmup,
        fields: [
            MappedField("warmup_score", .healthRatio, .percent),
            MappedField("warmup_emails_sent", .warmupMessagesSent),
        ]
    )

    /// In any case, in answers and in filters; a resumed campaign is `queued` at first.
    private static let statuses = CodeTable<CampaignStatus>(
        field: "campaign_status",
        unknown: .unknown,
        values: [
            "draft": .draft, "launching": .active, "active": .active, "queued": .active, "stopped": .paused,
            "paused": .paused, "completed": .completed, "failed": .error, "archived": .archived,
            "pending_deletion": .archived, "deleted": .archived,
        ]
    )

    /// The list of campaigns; a row moves with every number of its steps.
    static func listing(_ campaigns: [EmailBisonCampaign]) -> SourceResult<[ListedCampaign]> {
        var unknown: [String] = []
        let rows = campaigns.map { row in
            let status = statuses.value(of: row.status?.snakeCased, unknownFields: &unknown)
            return ListedCampaign(
                Campaign(id: row.id, name: row.name, status: status, measures: row.measures, labels: row.labels),
                revision: row.updated ?? ""
            )
        }
        var result = SourceResult(rows, unknownFields: unknown)
        result.presence = campaign.presence(in: campaigns.map(\.measures))
        return result
    }

    /// The steps with their totals; a variant is numbered as the step that it was made from.
    static func steps(_ rows: [EmailBisonStepStats], of sequence: [EmailBisonStep]) -> [Step] {
        let keys = self.keys(of: sequence)
        return rows.uniqued().map { row in
            Step(key: row.step.flatMap { keys[$0] } ?? unknownKey, measures: row.measures)
        }
    }

    private static let unknownKey = Step.Key(step: "unknown", variant: "unknown")

    /// The labels of each step: `A` for the step itself, `B` and on for its variants in the order of their ids.
    private static func keys(of sequence: [EmailBisonStep]) -> [String: Step.Key] {
        let steps = Dictionary(sequence.map { ($0.id, $0) }) { _, last in last }
        let families = Dictionary(grouping: steps.values) { $0.parent ?? $0.id }
        var keys: [String: Step.Key] = [:]
        for (parent, family) in families {
            let order = (steps[parent] ?? family.first)?.order
            let variants = family.filter { $0.id != parent }.sorted {
                ($0.id.utf8.count, $0.id) < ($1.id.utf8.count, $1.id)
            }
            for (index, step) in ([steps[parent]].compactMap(\.self) + variants).enumerated() {
                let letter = Step.letter(steps[parent] == nil ? index + 1 : index)
                keys[step.id] = Step.Key(step: order.map(String.init) ?? "unknown", variant: letter)
            }
        }
        return keys
    }

    /// Joins mailboxes with their warm-ups by address.
    static func mailboxes(_ rows: [EmailBisonMailbox], _ warmups: [EmailBisonWarmup]) -> [Mailbox] {
        let known = Dictionary(warmups.map { ($0.address.lowercased(), $0) }) { _, last in last }
        return rows.filter { !$0.address.isEmpty }.map { row in
            var mailbox = Mailbox(
                address: row.address,
                service: row.defaultTags.first?.snakeCased,
                status: row.status?.snakeCased,
                warmupStatus: row.isWarming.map { $0 ? "enabled" : "disabled" },
                measures: row.measures
            )
            if row.isWarming != false, let warmup = known[row.address.lowercased()] {
                mailbox.measures.merge(warmup.measures)
            }
            return mailbox
        }
    }
}
