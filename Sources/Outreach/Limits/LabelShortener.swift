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
