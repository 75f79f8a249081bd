// SPDX-License-Identifier: Apache-2.0

/// Shortens label values; entries with the same identity afterwards are merged as `AccountReport` does.
struct LabelShortener {
    /// The number of values shortened.
    private(set) var count = 0
    private let limit: Int

    /// - Parameter limit: the maximum length of a value in UTF-8 bytes.
    init(limit: Int) {
        self.limit = limit
    }

    mutating func shorten(_ report: AccountReport) -> AccountReport {
        guard !report.labelValues.allSatisfy({ $0.utf8.count <= limit }) else { return report }
        return AccountReport(
            account: report.account,
            campaigns: report.campaigns.map { shorten($0) },
            mailboxes: report.mailboxes.map { shorten($0) },
            domainChecks: report.domainChecks.map {
                DomainCheck(domain: shorten($0.domain), check: shorten($0.check), passed: $0.passed)
            },
            messagesScheduled: report.messagesScheduled,
            plan: report.plan
        )
    }

    private mutating func shorten(_ campaign: Campaign) -> Campaign {
        var short = Campaign(
            id: shorten(campaign.id),
            name: campaign.name.map { shorten($0) },
            status: campaign.status,
            measures: campaign.measures,
            leadsByStatus: shorten(campaign.leadsByStatus),
            labels: (campaign.labels ?? []).map { shorten($0) },
            steps: campaign.steps.map { shorten($0) }
        )
        short.sending = campaign.sending.map {
            SendingStatus(shorten($0.state), measures: $0.measures, mailboxes: shorten($0.mailboxes))
        }
        return short
    }

    private mutating func shorten(_ step: Step) -> Step {
        Step(
            key: .init(
                sequence: shorten(step.key.sequence),
                step: shorten(step.key.step),
                variant: shorten(step.key.variant)
            ),
            channel: shorten(step.channel),
            task: shorten(step.task),
            condition: shorten(step.condition),
            measures: step.measures
        )
    }

    private mutating func shorten(_ mailbox: Mailbox) -> Mailbox {
        Mailbox(
            address: shorten(mailbox.address),
            service: mailbox.service.map { shorten($0) },
            status: mailbox.status.map { shorten($0) },
            warmupStatus: mailbox.warmupStatus.map { shorten($0) },
            measures: mailbox.measures,
            placements: shorten(mailbox.placements)
        )
    }

    private mutating func shorten(_ values: [String: Double]) -> [String: Double] {
        Dictionary(values.map { (shorten($0.key), $0.value) }, uniquingKeysWith: +)
    }

    private mutating func shorten(_ text: String) -> String {
        guard text.utf8.count > limit else { return text }
        count += 1
        return text.shortened(to: limit)
    }
}

extension String {
    /// The beginning of the text, an ellipsis and a hash of the whole text, in at most `limit` bytes of UTF-8.
    ///
    /// Cut after a character; if the first one alone is too long, after one of its Unicode scalars. The hash keeps texts
    /// apart that begin alike, such as ids; without one below 32 bytes, and without an ellipsis below 3.
    func shortened(to limit: Int) -> String {
        let hash = limit < 32 ? "" : String(UInt32(truncatingIfNeeded: fnv1a()), radix: 16)
        let mark = limit < "…".utf8.count ? "" : "…" + hash
        let available = limit - mark.utf8.count
        var kept = ""
        for character in self {
            guard kept.utf8.count + character.utf8.count <= available else { break }
            kept.append(character)
        }
        guard kept.isEmpty else { return kept + mark }
        for scalar in unicodeScalars {
            guard kept.utf8.count + UTF8.width(scalar) <= available else { break }
            kept.unicodeScalars.append(scalar)
        }
        return kept + mark
    }
}

extension AccountReport {
    /// Every label value of the report except the account's.
    fileprivate var labelValues: some Sequence<String> {
        // The closures name their types because the compiler takes seconds to infer them.
        let campaigns = campaigns.lazy.flatMap { campaign -> [String] in
            let sending = campaign.sending?.labelValues ?? []
            return [campaign.id, campaign.name ?? ""] + campaign.leadsByStatus.keys + (campaign.labels ?? []) + sending
        }
        let steps = self.campaigns.lazy.flatMap(\.steps).flatMap { step -> [String] in
            [step.key.sequence, step.key.step, step.key.variant, step.channel, step.task, step.condition]
        }
        let mailboxes = mailboxes.lazy.flatMap { mailbox -> [String] in
            let states = [mailbox.service ?? "", mailbox.status ?? "", mailbox.warmupStatus ?? ""]
            return [mailbox.address] + states + mailbox.placements.keys
        }
        let checks = domainChecks.lazy.flatMap { check -> [String] in [check.domain, check.check] }
        return [AnySequence(campaigns), AnySequence(steps), AnySequence(mailboxes), AnySequence(checks)].joined()
    }
}

extension UTF8 {
    fileprivate static func width(_ scalar: Unicode.Scalar) -> Int { UTF8.encode(scalar)?.count ?? 0 }
}

/// A report within its limits, and what was removed.
package struct LimitedReport: Sendable {
    package let report: AccountReport
    package let droppedSeries: Int
    /// Label values shortened; each may belong to several series.
    package let shortenedLabels: Int
}

/// The limits of an account's report, from the configuration.
///
/// Prometheus has similar limits per scrape, but fails the whole scrape when one is exceeded.
package struct ReportLimits: Sendable, Hashable {
    package var series: Int
    /// The maximum length of a label value in UTF-8 bytes.
    package var labelValueLength: Int

    /// The default of `labelValueLength`, the limit of the shipped Prometheus configuration.
    package static let defaultLabelValueLength = 512
    /// The least `labelValueLength` that can be configured: no label of the program's own, such as `route`, is longer.
    package static let minLabelValueLength = 64

    package init(series: Int = .max, labelValueLength: Int = defaultLabelValueLength) {
        self.series = series
        self.labelValueLength = labelValueLength
    }

    /// Shortens label values that are too long, then drops series beyond the limit.
    package func applied(to report: AccountReport) -> LimitedReport {
        var shortener = LabelShortener(limit: labelValueLength)
        let short = shortener.shorten(report)
        let kept = SeriesBudget(series).keep(short)
        return LimitedReport(
            report: kept,
            droppedSeries: short.seriesCount - kept.seriesCount,
            shortenedLabels: shortener.count
        )
    }
}

/// A number of series, spent in the order of importance: campaigns, domain checks, mailboxes, steps of campaigns.
///
/// Nothing is kept in part. After the first entry that does not fit nothing else is kept, so that small changes of a dropped
/// entry do not change what is published.
struct SeriesBudget {
    private var remaining: Int

    init(_ series: Int) {
        remaining = series
    }

    /// The part of a report that fits.
    func keep(_ report: AccountReport) -> AccountReport {
        guard report.seriesCount > remaining else { return report }
        var budget = self
        let campaigns = report.campaigns.prefix { budget.admit($0.ownSeriesCount) }
        let checks = report.domainChecks.prefix { _ in budget.admit(1) }
        let mailboxes = report.mailboxes.prefix { budget.admit($0.seriesCount) }
        return AccountReport(
            account: report.account,
            campaigns: campaigns.map { budget.admit($0.stepSeriesCount) ? $0 : $0.withoutSteps },
            mailboxes: Array(mailboxes),
            domainChecks: Array(checks),
            messagesScheduled: budget.admit(report.messagesScheduled.count) ? report.messagesScheduled : [:],
            plan: budget.admit(report.plan.count) ? report.plan : []
        )
    }

    private mutating func admit(_ series: Int) -> Bool {
        let fits = series <= remaining
        remaining = fits ? remaining - series : 0
        return fits
    }
}

extension AccountReport {
    /// The number of series that `ReportWriter` writes for this report.
    package var seriesCount: Int {
        campaigns.reduce(0) { $0 + $1.ownSeriesCount + $1.stepSeriesCount }
            + mailboxes.reduce(0) { $0 + $1.seriesCount } + domainChecks.count + messagesScheduled.count
            + plan.count
    }
}

extension Campaign {
    /// The number of series without those of its steps.
    package var ownSeriesCount: Int {
        1 + (status == nil ? 0 : 1) + measures.count + leadsByStatus.count + (labels?.count ?? 0)
            + (sending.map { 1 + $0.mailboxes.count } ?? 0)
    }

    fileprivate var stepSeriesCount: Int { steps.reduce(0) { $0 + 1 + $1.measures.count } }
}

extension SendingStatus {
    fileprivate var labelValues: [String] { [state] + mailboxes.keys }
}

extension Mailbox {
    fileprivate var seriesCount: Int {
        1 + [status, warmupStatus].count { $0 != nil } + measures.count + placements.count
    }
}

extension String {
    package static let fnvOffsetBasis: UInt64 = 0xcbf2_9ce4_8422_2325

    /// The 64-bit FNV-1a hash of the UTF-8 bytes (draft-eastlake-fnv), the same in every process and version.
    ///
    /// Another basis gives a hash that is independent enough to tell texts apart by both.
    package func fnv1a(basis: UInt64 = fnvOffsetBasis) -> UInt64 {
        utf8.reduce(basis) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
