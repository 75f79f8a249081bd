// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Exposition
internal import Outreach

/// The tables and rules that turn SendKit's responses into the report.
enum SendKitMapping {
    private typealias Route = SendKitAPI.Route

    static let name = LabelField(Route.analytics, "campaign.name", Catalogue.campaignInfo)
    static let status = LabelField(Route.analytics, "campaign.status", Catalogue.campaignStatus)
    static let workspace = LabelField(Route.workspaces, "name", Catalogue.campaignLabel)
    static let leads = LabelField(Route.analytics, "statusBreakdown", Catalogue.campaignLeadsByStatus)
    static let service = LabelField(Route.mailboxes, "provider", Catalogue.mailboxInfo)
    static let mailboxStatus = LabelField(Route.mailboxes, "status", Catalogue.mailboxStatus)
    static let warmupStatus = LabelField(Route.mailboxes, "warmup.status", Catalogue.mailboxWarmupStatus)
    static let placements = ["inbox", "spam", "promotions"].map {
        (LabelField(Route.warmup, "stats.\($0)", Catalogue.mailboxWarmupLanded), $0)
    }
    static let checks = ["mx", "spf", "dkim", "dmarc"].map {
        ($0, LabelField(Route.mailboxes, "setupStatus.\($0).status", Catalogue.domainCheckPassed))
    }

    /// The fields that become labels.
    static let labels =
        [name, status, workspace, leads, service, mailboxStatus, warmupStatus] + placements.map(\.0) + checks.map(\.1)
    /// Labels and measures that are not one field.
    static let constants = [
        FieldSource(family: Catalogue.stepInfo.name, field: "channel is always `email`"),
        FieldSource(family: CampaignMeasure.leads.family.name, field: "`\(Route.analytics)` sum of `statusBreakdown`"),
    ]

    /// The workspace's usage; no limits are told.
    static let plan = [
        ("totalCampaigns", "campaigns"), ("totalLeads", "leads"), ("totalMailboxes", "mailboxes"),
        ("totalEmailsSent", "messages"),
    ]
    .map { PlanField(Route.workspaces, "usage.\($0)", .used, of: $1) }

    static let analytics = FieldTable<CampaignMeasure>(
        route: Route.analytics,
        fields: [
            MappedField("campaign.startedAt", .startedTimestampSeconds, .date),
            MappedField("totalReplied", .leadsReplied),
            MappedField("totalPositiveReplied", .leadsInterested),
            MappedField("stats.unsubscribed", .leadsUnsubscribed, or: "unsubscribed"),
            MappedField("stats.sent", .messagesSent, needed: true, or: "sent"),
            MappedField("stats.delivered", .messagesDelivered, or: "delivered"),
            MappedField("stats.bounced", .messagesBounced, needed: true, or: "bounced"),
            MappedField("stats.opened", .messagesOpened, needed: true, or: "opened"),
            MappedField("stats.clicked", .messagesClicked, needed: true, or: "clicked"),
            MappedField("stats.replied", .messagesReplied, needed: true, or: "replied"),
        ]
    )

    static let daily = FieldTable<CampaignMeasure>(
        route: Route.daily,
        fields: [
            MappedField("sent", .messagesSent),
            MappedField("bounced", .messagesBounced),
            MappedField("opened", .messagesOpened),
            MappedField("clicked", .messagesClicked),
            MappedField("replied", .messagesReplied),
        ]
    )

    static let steps = FieldTable<StepMeasure>(
        route: Route.analytics,
        fields: [
            MappedField("sent", .messagesSent),
            MappedField("bounced", .messagesBounced),
            MappedField("opened", .messagesOpened),
            MappedField("clicked", .messagesClicked),
        ]
    )

    /// Rates are fractions of 1; scores go up to 100.
    static let mailbox = FieldTable<MailboxMeasure>(
        route: Route.mailboxes,
        fields: [
            MappedField("dailySendLimit", .dailyLimit),
            MappedField("setupStatus.healthScore", .healthRatio, .percent),
            MappedField("sentToday", .messagesSentToday),
            MappedField("totalSent", .messagesSent),
            MappedField("bounceRate", .bounceRatio),
        ]
    )

    /// Totals that the list of mailboxes lacks; older versions of the API do not tell all of them.
    static let mailboxTotals = FieldTable<MailboxMeasure>(
        route: Route.mailboxTotals,
        fields: [
            MappedField("totalReceived", .messagesReceived),
            MappedField("totalReplied", .replies),
        ]
    )

    /// The health score replaces the mailbox's, which only rates its set-up.
    static let warmup = FieldTable<MailboxMeasure>(
        route: Route.warmup,
        fields: [
            MappedField("stats.healthScore", .healthRatio, .percent),
            MappedField("stats.totalSent", .warmupMessagesSent),
            MappedField("warmup.startedAt", .warmupStartedTimestampSeconds, .date),
        ]
    )

    private static let statuses = CodeTable<CampaignStatus>(
        field: "campaign_status",
        unknown: .unknown,
        values: [
            "draft": .draft, "active": .active, "paused": .paused, "completed": .completed, "archived": .archived,
        ]
    )

    /// The documentation lists no outcomes; these are common ones.
    private static let outcomes = CodeTable<Bool?>(
        field: "domain_check",
        unknown: nil,
        values: [
            "pass": true, "passed": true, "valid": true, "verified": true, "ok": true, "success": true,
            "configured": true, "active": true, "true": true,
            "fail": false, "failed": false, "invalid": false, "missing": false, "error": false, "not_found": false,
            "not_configured": false, "none": false, "false": false,
            "pending": nil, "unknown": nil, "not_checked": nil,
        ]
    )

    static func listing(_ campaigns: [SendKitCampaign]) -> SourceResult<[ListedCampaign]> {
        var unknown: [String] = []
        let rows = campaigns.map { row in
            let status = statuses.value(of: row.status?.snakeCased, unknownFields: &unknown)
            let revision = row.counters.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: " ")
            return ListedCampaign(Campaign(id: row.id, name: row.name, status: status), revision: revision)
        }
        return SourceResult(rows, unknownFields: unknown)
    }

    /// A campaign's detail from its analytics; an unknown status is already counted with the list.
    static func detail(_ id: String, _ row: SendKitAnalytics, steps: Bool) -> Campaign {
        var ignored: [String] = []
        var campaign = Campaign(
            id: id,
            name: row.name,
            status: statuses.value(of: row.status?.snakeCased, unknownFields: &ignored),
            measures: row.measures,
            leadsByStatus: row.leadsByStatus,
            steps: steps ? allSteps(row) : []
        )
        if !row.leadsByStatus.isEmpty { campaign.measures[.leads] = row.leadsByStatus.values.reduce(0, +) }
        return campaign
    }

    private static func allSteps(_ row: SendKitAnalytics) -> [Step] {
        row.steps.uniqued().map { step($0, of: "main") }
            + row.subsequences.flatMap { subsequence in
                subsequence.steps.uniqued().map { step($0, of: subsequence.id) }
            }
    }

    private static func step(_ row: SendKitStep, of sequence: String) -> Step {
        let variant = row.variant.map { Step.variant($0) ?? "unknown" }
        let key = Step.Key(
            sequence: sequence,
            step: row.number.map { String($0 + 1) } ?? "unknown",
            variant: variant ?? "A"
        )
        return Step(key: key, measures: row.measures)
    }

    /// Joins mailboxes with their warm-ups by address, and merges the checks of their domains.
    ///
    /// Where the warm-ups are not known, `nil`, the mailboxes' own health scores are left out, which may be others.
    static func mailboxes(
        _ rows: [SendKitMailbox],
        _ warmups: [SendKitWarmup]?,
        _ totals: [SendKitMailboxTotals] = [],
        checks: Bool
    ) -> SourceResult<MailboxGroup> {
        let known = Dictionary((warmups ?? []).map { ($0.id.lowercased(), $0) }) { _, last in last }
        let totals = Dictionary(totals.map { ($0.id.lowercased(), $0.measures) }) { _, last in last }
        let rows = rows.filter { !$0.id.isEmpty }
        let mailboxes = rows.map { row in
            var joined = mailbox(row, known[row.id.lowercased()])
            if warmups == nil { joined.measures[.healthRatio] = nil }
            if let totals = totals[row.id.lowercased()] { joined.measures.merge(totals) }
            return joined
        }
        guard checks else { return SourceResult(MailboxGroup(mailboxes: mailboxes)) }
        var unknown: [String] = []
        let found = zip(rows, mailboxes).flatMap { row, mailbox in
            domainChecks(row, of: mailbox.domain, noting: &unknown)
        }
        let group = MailboxGroup(mailboxes: mailboxes, domainChecks: DomainCheck.merged(found))
        return SourceResult(group, unknownFields: unknown)
    }

    private static func mailbox(_ row: SendKitMailbox, _ warmup: SendKitWarmup?) -> Mailbox {
        var mailbox = Mailbox(
            address: row.id,
            service: row.service?.snakeCased,
            status: row.status?.snakeCased,
            warmupStatus: row.warmupStatus?.snakeCased,
            measures: row.measures,
            placements: warmup?.placements ?? [:]
        )
        if let warmup { mailbox.measures.merge(warmup.measures) }
        return mailbox
    }

    private static func domainChecks(
        _ row: SendKitMailbox,
        of domain: String?,
        noting unknown: inout [String]
    ) -> [DomainCheck] {
        guard let domain else { return [] }
        return row.checks.compactMap { check, outcome in
            let passed = outcomes.value(of: outcome.snakeCased, unknownFields: &unknown)
            return passed.flatMap(\.self).map { DomainCheck(domain: domain, check: check, passed: $0) }
        }
    }
}
