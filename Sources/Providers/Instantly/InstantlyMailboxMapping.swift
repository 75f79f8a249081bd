// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Exposition
internal import Outreach

/// The tables and rules of mailboxes and domain checks.
extension InstantlyMapping {
    private typealias Route = InstantlyAPI.Route

    static let service = LabelField(Route.accounts, "provider_code", Catalogue.mailboxInfo)
    static let accountStatus = LabelField(Route.accounts, "status", Catalogue.mailboxStatus)
    static let warmupStatus = LabelField(Route.accounts, "warmup_status", Catalogue.mailboxWarmupStatus)
    static let placements = [
        (LabelField(Route.warmup, "landed_inbox", Catalogue.mailboxWarmupLanded), "inbox"),
        (LabelField(Route.warmup, "landed_spam", Catalogue.mailboxWarmupLanded), "spam"),
    ]
    static let checks = ["mx", "spf", "dkim", "dmarc"].map {
        LabelField(Route.vitals, $0, Catalogue.domainCheckPassed)
    }

    /// The fields that become labels.
    static let mailboxLabels = [service, accountStatus, warmupStatus] + placements.map(\.0) + checks

    static let account = FieldTable<MailboxMeasure>(
        route: Route.accounts,
        fields: [
            MappedField("daily_limit", .dailyLimit),
            MappedField("sending_gap", .sendingGapSeconds, .minutes),
            MappedField("setup_pending", .setupPending, .bool),
            MappedField("stat_warmup_score", .warmupScoreRatio, .percent),
            MappedField("timestamp_warmup_start", .warmupStartedTimestampSeconds, .date),
        ]
    )

    /// Counts per day; leads that open or reply on two days count on both.
    static let mailboxDays = FieldTable<MailboxMeasure>(
        route: Route.mailboxDays,
        fields: [
            MappedField("sent", .messagesSent, needed: true),
            MappedField("bounced", .messagesBounced, needed: true),
            MappedField("opened", .opens, needed: true),
            MappedField("clicks", .clicks, needed: true),
            MappedField("replies", .replies, needed: true),
            MappedField("new_leads_contacted", .leadsContacted, needed: true),
            MappedField("unique_opened", .leadsOpened, needed: true),
            MappedField("unique_replies", .leadsReplied, needed: true),
        ]
    )

    static let warmup = FieldTable<MailboxMeasure>(
        route: Route.warmup,
        zeroWhenMissing: true,
        fields: [MappedField("sent", .warmupMessagesSent), MappedField("received", .warmupMessagesReceived)]
    )

    static let health = FieldTable<MailboxMeasure>(
        route: Route.warmup,
        fields: [MappedField("health_score", .healthRatio, .percent)]
    )

    private static let services = CodeTable(
        field: "mailbox_service",
        unknown: "unknown",
        values: ["1": "custom", "2": "google", "3": "microsoft", "4": "aws", "8": "airmail", "11": "airmail_instant"]
    )

    private static let accountStatuses = CodeTable(
        field: "mailbox_status",
        unknown: "unknown",
        values: [
            "1": "active", "2": "paused", "3": "maintenance",
            "-1": "connection_error", "-2": "soft_bounce_error", "-3": "sending_error",
        ]
    )

    private static let warmupStatuses = CodeTable(
        field: "mailbox_warmup_status",
        unknown: "unknown",
        values: [
            "0": "paused", "1": "active", "-1": "banned", "-2": "spam_folder_unknown", "-3": "permanent_suspension",
        ]
    )

    /// Joins accounts with their warm-ups and counters by address.
    static func mailboxes(
        _ accounts: [InstantlyAccount],
        _ warmups: [String: InstantlyWarmupTotals],
        _ totals: [String: Measures<MailboxMeasure>] = [:]
    ) -> SourceResult<MailboxGroup> {
        var unknown: [String] = []
        let mailboxes = accounts.filter { !$0.id.isEmpty }.map { account in
            let warmup = warmups[account.id.lowercased()]
            var mailbox = Mailbox(
                address: account.id,
                service: services.value(of: account.service, unknownFields: &unknown),
                status: accountStatuses.value(of: account.status, unknownFields: &unknown),
                warmupStatus: warmupStatuses.value(of: account.warmupStatus, unknownFields: &unknown),
                measures: account.measures,
                placements: warmup?.placements ?? [:]
            )
            if let warmup { mailbox.measures.merge(warmup.measures) }
            if let totals = totals[account.id.lowercased()] { mailbox.measures.merge(totals) }
            return mailbox
        }
        return SourceResult(MailboxGroup(mailboxes: mailboxes), unknownFields: unknown)
    }

    /// One check per domain and kind.
    static func checks(_ vitals: [InstantlyVitals]) -> [DomainCheck] {
        DomainCheck.merged(
            vitals.flatMap { row in
                row.domain.map { domain in
                    row.checks.map { DomainCheck(domain: domain, check: $0, passed: $1) }
                } ?? []
            }
        )
    }
}
