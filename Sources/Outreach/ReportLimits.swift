// SPDX-License-Identifier: Apache-2.0

/// Shortens texts that become label values.
///
/// Things that share an identity afterwards are merged as everywhere.
struct LabelShortener {
    /// How many texts were shortened.
    private(set) var count = 0
    private let limit: Int

    /// - Parameter limit: the bytes of a text at most, in UTF-8.
    init(limit: Int) {
        self.limit = limit
    }

    /// A report whose texts keep the limit.
    mutating func shorten(_ report: AccountReport) -> AccountReport {
        guard !report.labelValues.allSatisfy({ $0.utf8.count <= limit }) else { return report }
        return AccountReport(
            account: report.account,
            campaigns: report.campaigns.map { shorten($0) },
            mailboxes: report.mailboxes.map { shorten($0) },
            domainChecks: report.domainChecks.map {
                DomainCheck(domain: shorten($0.domain), check: shorten($0.check), passed: $0.passed)
            }
        )
    }

    private mutating func shorten(_ campaign: Campaign) -> Campaign {
        Campaign(
            id: shorten(campaign.id),
            name: campaign.name.map { shorten($0) },
            status: campaign.status,
            measures: campaign.measures,
            leadsByStatus: shorten(campaign.leadsByStatus),
            steps: campaign.steps.map { shorten($0) }
        )
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
    /// The beginning of the text and an ellipsis, in at most `limit` bytes of UTF-8.
    ///
    /// The cut is behind a whole character, or within the first one, between its scalars, if that alone is too long.
    func shortened(to limit: Int) -> String {
        let mark = limit < "…".utf8.count ? "" : "…"
        let room = limit - mark.utf8.count
        var kept = ""
        for character in self {
            guard kept.utf8.count + character.utf8.count <= room else { break }
            kept.append(character)
        }
        guard kept.isEmpty else { return kept + mark }
        for scalar in unicodeScalars {
            guard kept.utf8.count + UTF8.width(scalar) <= room else { break }
            kept.unicodeScalars.append(scalar)
        }
        return kept + mark
    }
}

extension AccountReport {
    /// Every text of the report that becomes a label value.
    fileprivate var labelValues: some Sequence<String> {
        let campaigns = campaigns.lazy.flatMap { [$0.id, $0.name ?? ""] + $0.leadsByStatus.keys }
        let steps = self.campaigns.lazy.flatMap(\.steps).flatMap {
            [$0.key.sequence, $0.key.step, $0.key.variant, $0.channel, $0.task, $0.condition]
        }
        let mailboxes = mailboxes.lazy.flatMap {
            [$0.address, $0.service ?? "", $0.status ?? "", $0.warmupStatus ?? ""] + $0.placements.keys
        }
        let checks = domainChecks.lazy.flatMap { [$0.domain, $0.check] }
        return [AnySequence(campaigns), AnySequence(steps), AnySequence(mailboxes), AnySequence(checks)].joined()
    }
}

extension UTF8 {
    fileprivate static func width(_ scalar: Unicode.Scalar) -> Int { UTF8.encode(scalar)?.count ?? 0 }
}

/// A report that keeps the limits, and what that took.
package struct LimitedReport: Sendable {
    /// What is left.
    package let report: AccountReport
    /// How many series were left out.
    package let droppedSeries: Int
    /// How many texts were shortened; each may be a label of several series.
    package let shortenedLabels: Int
}

/// What one account may put on the page.
///
/// Prometheus has such limits as well, but there one value too many fails the whole scrape.
package struct ReportLimits: Sendable, Hashable {
    /// The series of an account at most.
    package var series: Int
    /// The bytes of a label value at most, in UTF-8.
    package var labelValueLength: Int

    /// Sets limits; what is left out is unlimited.
    package init(series: Int = .max, labelValueLength: Int = .max) {
        self.series = series
        self.labelValueLength = labelValueLength
    }

    /// Shortens what is too long, then leaves out what is too much.
    package func applied(to report: AccountReport) -> LimitedReport {
        var shortener = LabelShortener(limit: labelValueLength)
        let short = shortener.shorten(report)
        let whole = SeriesBudget(series).keep(short)
        return LimitedReport(
            report: whole,
            droppedSeries: short.seriesCount - whole.seriesCount,
            shortenedLabels: shortener.count
        )
    }
}

/// Room for so many series, given to things as a whole and in the order of their worth: campaigns, domain checks,
/// mailboxes, then the steps of the campaigns.
///
/// The first thing that does not fit ends it: what is on the page then does not depend on the size of what is not.
struct SeriesBudget {
    private var room: Int

    /// Room for a number of series.
    init(_ series: Int) {
        room = series
    }

    /// The part of a report that there is room for.
    func keep(_ report: AccountReport) -> AccountReport {
        guard report.seriesCount > room else { return report }
        var budget = self
        let campaigns = report.campaigns.prefix { budget.admit($0.ownSeriesCount) }
        let checks = report.domainChecks.prefix { _ in budget.admit(1) }
        let mailboxes = report.mailboxes.prefix { budget.admit($0.seriesCount) }
        return AccountReport(
            account: report.account,
            campaigns: campaigns.map { budget.admit($0.stepSeriesCount) ? $0 : $0.withoutSteps },
            mailboxes: Array(mailboxes),
            domainChecks: Array(checks)
        )
    }

    private mutating func admit(_ series: Int) -> Bool {
        let fits = series <= room
        room = fits ? room - series : 0
        return fits
    }
}

extension AccountReport {
    /// The series that this report makes on the page.
    package var seriesCount: Int {
        campaigns.reduce(0) { $0 + $1.ownSeriesCount + $1.stepSeriesCount }
            + mailboxes.reduce(0) { $0 + $1.seriesCount } + domainChecks.count
    }
}

extension Campaign {
    package var ownSeriesCount: Int {
        (name == nil ? 0 : 1) + (status == nil ? 0 : 1) + measures.count + leadsByStatus.count
    }

    fileprivate var stepSeriesCount: Int { steps.reduce(0) { $0 + 1 + $1.measures.count } }
}

extension Mailbox {
    fileprivate var seriesCount: Int {
        [service, status, warmupStatus].count { $0 != nil } + measures.count + placements.count
    }
}
