// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Outreach

/// The tables and rules that turn lemlist's responses into the report.
enum LemlistMapping {
    private typealias Route = LemlistAPI.Route

    static let name = LabelField(Route.campaigns, "name", Catalogue.campaignInfo)
    static let status = LabelField(Route.campaigns, "status", Catalogue.campaignStatus)
    static let errors = LabelField(Route.campaigns, "errors", Catalogue.campaignSendingState)
    static let category = LabelField(Route.statutes, "statutes.category", Catalogue.campaignSendingState)
    static let label = LabelField(Route.campaigns, "labels", Catalogue.campaignLabel)
    static let task = LabelField(Route.stats, "taskType", Catalogue.stepInfo)
    static let condition = LabelField(Route.stats, "conditionLabel", Catalogue.stepInfo)
    static let service = LabelField(Route.user, "provider", Catalogue.mailboxInfo)
    static let mailboxStatus = LabelField(Route.user, "status", Catalogue.mailboxStatus)
    static let warmupStatus = LabelField(Route.user, "lemwarm.active", Catalogue.mailboxWarmupStatus)

    /// The fields that become labels.
    static let labels = [
        name, status, errors, category, label, task, condition, service, mailboxStatus, warmupStatus,
    ]

    static let plan = [
        PlanField(Route.credits, "credits", .remaining, of: "credits", or: "details.remaining.total")
    ]

    static let listed = FieldTable<CampaignMeasure>(
        route: Route.campaigns,
        fields: [MappedField("createdAt", .createdTimestampSeconds, .date)]
    )

    static let stats = FieldTable<CampaignMeasure>(
        route: Route.stats,
        fields: [
            MappedField("nbLeads", .leads, needed: true),
            MappedField("nbLeadsLaunched", .leadsContacted, needed: true),
            MappedField("nbLeadsReached", .leadsReached),
            MappedField("nbLeadsOpened", .leadsOpened),
            MappedField("nbLeadsInteracted", .leadsInteracted),
            MappedField("nbLeadsAnswered", .leadsReplied),
            MappedField("nbLeadsInterested", .leadsInterested),
            MappedField("nbLeadsNotInterested", .leadsNotInterested),
            MappedField("nbLeadsUnsubscribed", .leadsUnsubscribed),
            MappedField("nbLeadsInterrupted", .leadsInterrupted),
            MappedField("messagesSent", .messagesSent, needed: true),
            MappedField("delivered", .messagesDelivered),
            MappedField("messagesNotSent", .messagesNotSent),
            MappedField("messagesBounced", .messagesBounced, needed: true),
            MappedField("opened", .messagesOpened, needed: true),
            MappedField("clicked", .messagesClicked, needed: true),
            MappedField("replied", .messagesReplied, needed: true),
            MappedField("invitationAccepted", .invitationsAccepted),
            MappedField("meetingBooked", .meetingsBooked),
        ]
    )

    static let steps = FieldTable<StepMeasure>(
        route: Route.stats,
        fields: [
            MappedField("sent", .messagesSent),
            MappedField("delivered", .messagesDelivered),
            MappedField("notDelivered", .messagesNotDelivered),
            MappedField("bounced", .messagesBounced),
            MappedField("opened", .messagesOpened),
            MappedField("clicked", .messagesClicked),
            MappedField("replied", .messagesReplied),
            MappedField("invited", .invitationsSent),
            MappedField("unsubscribed", .leadsUnsubscribed),
        ]
    )

    static let mailbox = FieldTable<MailboxMeasure>(
        route: Route.user,
        fields: [MappedField("lemlist.emailLimit", .dailyLimit)]
    )

    static let lemwarm = FieldTable<MailboxMeasure>(
        route: Route.lemwarm,
        fields: [MappedField("deliverability.score", .healthRatio, .percent)]
    )

    private static let statuses = CodeTable<CampaignStatus>(
        field: "campaign_status",
        unknown: .unknown,
        values: [
            "running": .active, "draft": .draft, "archived": .archived, "ended": .completed, "paused": .paused,
            "errors": .error,
        ]
    )

    static func listing(_ campaigns: [LemlistCampaign]) -> SourceResult<[ListedCampaign]> {
        var unknown: [String] = []
        let rows = campaigns.map { row in
            let status = statuses.value(of: row.status, unknownFields: &unknown)
            return ListedCampaign(
                Campaign(id: row.id, name: row.name, status: status, measures: row.measures, labels: row.labels),
                sending: row.hasError ? SendingStatus(row.errors.lazy.compactMap(reason).first ?? "error") : nil
            )
        }
        return SourceResult(rows, unknownFields: unknown)
    }

    /// Why a campaign does not send: the worst of what lemlist says, or that it says nothing.
    static func sendingStatus(_ statutes: [LemlistStatute]) -> SendingStatus {
        guard let worst = statutes.max(by: { $0.level < $1.level }) else { return SendingStatus("healthy") }
        let category = worst.category.map { reason($0) ?? $0.snakeCased }
        return SendingStatus(category ?? reason(worst.message) ?? (worst.level > 1 ? "error" : "healthy"))
    }

    /// Instantly's word for a reason that lemlist tells in its own: no message becomes a label.
    private static func reason(_ text: String) -> String? {
        let words = [
            ("sender", "no_accounts_available"), ("mailbox", "no_accounts_available"), ("lead", "waiting_for_leads"),
            ("limit", "daily_limit_met"),
        ]
        return words.first { text.lowercased().contains($0.0) }?.1
    }

    static func detail(_ id: String, _ stats: LemlistStats, steps: Bool) -> Campaign {
        Campaign(id: id, measures: stats.measures, steps: steps ? allSteps(stats.steps.uniqued()) : [])
    }

    /// A row without a variant is variant `A` if it is its step's only row, and unknown beside others.
    private static func allSteps(_ rows: [LemlistStep]) -> [Step] {
        let counts = Dictionary(rows.map { (key(of: $0, variant: ""), 1) }, uniquingKeysWith: +)
        return rows.map { row in
            let isAlone = counts[key(of: row, variant: "")] == 1
            let named = row.variant.flatMap { $0.isEmpty ? nil : Step.variant($0) ?? "unknown" }
            return step(row, variant: named ?? (isAlone ? "A" : "unknown"))
        }
    }

    /// Conditional campaigns have several sequences, in which index and step repeat.
    private static func key(of row: LemlistStep, variant: String) -> Step.Key {
        let number = row.sequenceStep.map { $0 + 1 } ?? row.index
        return Step.Key(
            sequence: row.sequence ?? "main",
            step: number.map(String.init) ?? "unknown",
            variant: variant
        )
    }

    private static func step(_ row: LemlistStep, variant: String) -> Step {
        Step(
            key: key(of: row, variant: variant),
            channel: channel(of: row.task ?? ""),
            task: row.task ?? "",
            condition: row.condition ?? "",
            measures: row.measures
        )
    }

    /// There are more task types than the documentation lists.
    private static func channel(of task: String) -> String {
        switch task {
        case "email", "phone": task
        case _ where task.hasPrefix("linkedin"): "linkedin"
        default: "other"
        }
    }

    /// `OK` is seen where the documentation has `CONNECTED`.
    private static func status(_ status: String) -> String { status == "ok" ? "connected" : status }

    /// A mailbox with its warm-up; `nil` without an address.
    static func mailbox(_ row: LemlistMailbox, _ lemwarm: Measures<MailboxMeasure>?) -> Mailbox? {
        guard let address = row.address, !address.isEmpty else { return nil }
        var mailbox = Mailbox(
            address: address,
            service: row.service?.snakeCased,
            status: row.status.map { status($0.snakeCased) },
            warmupStatus: row.isWarming.map { $0 ? "active" : "inactive" },
            measures: row.measures
        )
        if let lemwarm { mailbox.measures.merge(lemwarm) }
        return mailbox
    }
}
