// SPDX-License-Identifier: Apache-2.0

package import Exposition

/// Writes reports as families: every family once, in the order of the catalogue, its series in the order of the
/// accounts, campaigns, steps and mailboxes.
package struct ReportWriter {
    private let campaigns: [Row<Campaign>]
    private let steps: [Row<Step>]
    private let mailboxes: [Row<Mailbox>]
    private let checks: [Row<DomainCheck>]

    /// Prepares the label sets that the series share.
    package init(_ reports: [AccountReport]) {
        let reports = reports.sorted { $0.account < $1.account }
        campaigns = reports.flatMap { report in
            report.campaigns.map { Row($0, report.account.labels.adding("campaign", $0.id)) }
        }
        steps = campaigns.flatMap { campaign in
            campaign.entry.steps.map { Row($0, $0.key.labels(behind: campaign.labels)) }
        }
        mailboxes = reports.flatMap { report in
            report.mailboxes.map { Row($0, report.account.labels.adding("mailbox", $0.address)) }
        }
        checks = reports.flatMap { report in
            report.domainChecks.map {
                Row($0, report.account.labels.adding("domain", $0.domain).adding("check", $0.check))
            }
        }
    }

    /// Writes every family that has a sample.
    package func write(to writer: inout ExpositionWriter) {
        info(Catalogue.campaignInfo, campaigns, to: &writer) { [("name", $0.name)] }
        info(Catalogue.campaignStatus, campaigns, to: &writer) { [("status", $0.status?.rawValue)] }
        measures(campaigns, \.measures, to: &writer)
        breakdown(Catalogue.campaignLeadsByStatus, campaigns, "lead_status", \.leadsByStatus, to: &writer)
        info(Catalogue.stepInfo, steps, to: &writer) {
            [("channel", $0.channel), ("task", $0.task), ("condition", $0.condition)]
        }
        measures(steps, \.measures, to: &writer)
        info(Catalogue.mailboxInfo, mailboxes, to: &writer) { [("service", $0.service)] }
        info(Catalogue.mailboxStatus, mailboxes, to: &writer) { [("status", $0.status)] }
        info(Catalogue.mailboxWarmupStatus, mailboxes, to: &writer) { [("status", $0.warmupStatus)] }
        measures(mailboxes, \.measures, to: &writer)
        breakdown(Catalogue.mailboxWarmupLanded, mailboxes, "placement", \.placements, to: &writer)
        writer.open(Catalogue.domainCheckPassed)
        for row in checks { writer.sample(row.labels, row.entry.passed ? 1 : 0) }
    }

    /// One family per measure.
    private func measures<Entry, Measure>(
        _ rows: [Row<Entry>],
        _ measures: KeyPath<Entry, Measures<Measure>>,
        to writer: inout ExpositionWriter
    ) {
        for measure in Measure.allCases {
            writer.open(measure.family)
            for row in rows {
                if let value = row.entry[keyPath: measures][measure] { writer.sample(row.labels, value) }
            }
        }
    }

    /// A constant 1 with labels that tell something; no series where one of them is not known.
    private func info<Entry>(
        _ family: Family,
        _ rows: [Row<Entry>],
        to writer: inout ExpositionWriter,
        labels: (Entry) -> [(String, String?)]
    ) {
        writer.open(family)
        rows: for row in rows {
            var set = row.labels
            for (name, value) in labels(row.entry) {
                guard let value else { continue rows }
                set = set.adding(name, value)
            }
            writer.sample(set, 1)
        }
    }

    /// One sample per key of an open set.
    private func breakdown<Entry>(
        _ family: Family,
        _ rows: [Row<Entry>],
        _ label: String,
        _ values: KeyPath<Entry, [String: Double]>,
        to writer: inout ExpositionWriter
    ) {
        writer.open(family)
        for row in rows {
            for (key, value) in row.entry[keyPath: values].sorted(by: { $0.key < $1.key }) {
                writer.sample(row.labels.adding(label, key), value)
            }
        }
    }
}

/// An entry of a report and the labels that its series share.
private struct Row<Entry> {
    let entry: Entry
    let labels: Labels

    init(_ entry: Entry, _ labels: Labels) {
        self.entry = entry
        self.labels = labels
    }
}

extension Account {
    /// The first two labels of every series.
    package var labels: Labels { Labels(["provider": provider, "account": name]) }
}

extension Step.Key {
    fileprivate func labels(behind campaign: Labels) -> Labels {
        campaign.adding("sequence", sequence).adding("step", step).adding("variant", variant)
    }
}
