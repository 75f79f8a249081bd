// SPDX-License-Identifier: Apache-2.0

package import Exposition

/// Writes reports as metric families, in the order of the catalogue; series are in the order of the accounts, campaigns,
/// steps and mailboxes.
package struct ReportWriter {
    private let reports: [AccountReport]
    private let campaigns: SeriesTable<CampaignMeasure>
    private let steps: SeriesTable<StepMeasure>
    private let mailboxes: SeriesTable<MailboxMeasure>

    /// Renders the label sets that series share; of reports on the same account the last one is used.
    package init(_ reports: [AccountReport]) {
        self.reports = Dictionary(reports.map { ($0.account, $0) }) { _, last in last }
            .values.sorted { $0.account < $1.account }
        (campaigns, steps) = Self.campaignTables(self.reports)
        mailboxes = Self.mailboxTable(self.reports)
    }

    package func write(to writer: inout ExpositionWriter) {
        writeCampaigns(to: &writer)
        writeSteps(to: &writer)
        writeMailboxes(to: &writer)
        writeDomainChecks(to: &writer)
        writeSchedules(to: &writer)
        writePlans(to: &writer)
    }

    private func writeCampaigns(to writer: inout ExpositionWriter) {
        let rows = reports.lazy.flatMap(\.campaigns).enumerated()
        writer.open(Catalogue.campaignInfo)
        for (row, campaign) in rows {
            writer.sample(campaigns.labels, row, adding: ["name": campaign.shownName], 1)
        }
        writer.open(Catalogue.campaignStatus)
        for (row, campaign) in rows {
            if let status = campaign.status {
                writer.sample(campaigns.labels, row, adding: ["status": status.rawValue], 1)
            }
        }
        campaigns.write(to: &writer)
        writer.open(Catalogue.campaignLeadsByStatus)
        for (row, campaign) in rows {
            writer.samples(campaigns.labels, row, by: "lead_status", campaign.leadsByStatus)
        }
        writer.open(Catalogue.campaignLabel)
        for (row, campaign) in rows {
            for label in campaign.labels ?? [] { writer.sample(campaigns.labels, row, adding: ["label": label], 1) }
        }
        writer.open(Catalogue.campaignSendingState)
        for (row, campaign) in rows {
            if let sending = campaign.sending {
                writer.sample(campaigns.labels, row, adding: ["state": sending.state], 1)
            }
        }
        writer.open(Catalogue.campaignMailboxes)
        for (row, campaign) in rows {
            writer.samples(campaigns.labels, row, by: "availability", campaign.sending?.mailboxes ?? [:])
        }
    }

    private func writeSteps(to writer: inout ExpositionWriter) {
        writer.open(Catalogue.stepInfo)
        for (row, step) in reports.lazy.flatMap(\.campaigns).flatMap(\.steps).enumerated() {
            let labels: KeyValuePairs = ["channel": step.channel, "task": step.task, "condition": step.condition]
            writer.sample(steps.labels, row, adding: labels, 1)
        }
        steps.write(to: &writer)
    }

    private func writeMailboxes(to writer: inout ExpositionWriter) {
        writer.open(Catalogue.mailboxInfo)
        for (row, mailbox) in reports.lazy.flatMap(\.mailboxes).enumerated() {
            let labels: KeyValuePairs = ["mailbox_service": mailbox.shownService, "domain": mailbox.shownDomain]
            writer.sample(mailboxes.labels, row, adding: labels, 1)
        }
        writeStates(Catalogue.mailboxStatus, "status", \.status, to: &writer)
        writeStates(Catalogue.mailboxWarmupStatus, "status", \.warmupStatus, to: &writer)
        mailboxes.write(to: &writer)
        writer.open(Catalogue.mailboxWarmupLanded)
        for (row, mailbox) in reports.lazy.flatMap(\.mailboxes).enumerated() {
            writer.samples(mailboxes.labels, row, by: "placement", mailbox.placements)
        }
    }

    /// Writes a constant 1 with a label from a text of each mailbox that has it.
    private func writeStates(
        _ family: MetricFamily,
        _ label: String,
        _ text: KeyPath<Mailbox, String?>,
        to writer: inout ExpositionWriter
    ) {
        writer.open(family)
        for (row, mailbox) in reports.lazy.flatMap(\.mailboxes).enumerated() {
            guard let text = mailbox[keyPath: text] else { continue }
            writer.sample(mailboxes.labels, row, adding: [label: text], 1)
        }
    }

    private func writeDomainChecks(to writer: inout ExpositionWriter) {
        writer.open(Catalogue.domainCheckPassed)
        for report in reports {
            for check in report.domainChecks {
                let labels = report.account.labels.adding("domain", check.domain).adding("check", check.check)
                writer.sample(labels, check.passed ? 1 : 0)
            }
        }
    }
}

extension ReportWriter {
    private func writeSchedules(to writer: inout ExpositionWriter) {
        writer.open(Catalogue.messagesScheduled)
        for report in reports {
            for (day, messages) in report.messagesScheduled.sorted(by: { $0.key < $1.key }) {
                writer.sample(report.account.labels.adding("day", day), messages)
            }
        }
    }

    private func writePlans(to writer: inout ExpositionWriter) {
        for kind in PlanQuantity.Kind.allCases {
            writer.open(kind.family)
            for report in reports {
                for quantity in report.plan where quantity.kind == kind {
                    writer.sample(report.account.labels.adding("resource", quantity.resource), quantity.value)
                }
            }
        }
    }

    private static func campaignTables(
        _ reports: [AccountReport]
    ) -> (SeriesTable<CampaignMeasure>, SeriesTable<StepMeasure>) {
        let counts = reports.lazy.flatMap(\.campaigns).map(\.steps.count)
        var campaigns = SeriesTable<CampaignMeasure>(capacity: counts.count)
        var steps = SeriesTable<StepMeasure>(capacity: counts.reduce(0, +))
        for report in reports {
            let account = report.account.labels
            for campaign in report.campaigns {
                let base = account.adding("campaign", campaign.id)
                campaigns.append(base, [:], campaign.measures)
                for step in campaign.steps {
                    let key = step.key
                    let labels: KeyValuePairs = ["sequence": key.sequence, "step": key.step, "variant": key.variant]
                    steps.append(base, labels, step.measures)
                }
            }
        }
        return (campaigns, steps)
    }

    private static func mailboxTable(_ reports: [AccountReport]) -> SeriesTable<MailboxMeasure> {
        var table = SeriesTable<MailboxMeasure>(capacity: reports.reduce(0) { $0 + $1.mailboxes.count })
        for report in reports {
            let account = report.account.labels
            for mailbox in report.mailboxes {
                table.append(account, ["mailbox": mailbox.address], mailbox.measures)
            }
        }
        return table
    }
}

extension ExpositionWriter {
    /// Writes one sample per key, sorted by key; keys that become the same label value are summed.
    fileprivate mutating func samples(_ sets: LabelSets, _ row: Int, by label: String, _ values: [String: Double]) {
        let shown = Dictionary(values.map { ($0.key.labelValue, $0.value) }, uniquingKeysWith: +)
        for (key, value) in shown.sorted(by: { $0.key < $1.key }) {
            sample(sets, row, adding: [label: key], value)
        }
    }
}

extension Account {
    package var labels: Labels { Labels(["provider": provider, "account": name]) }
}

/// The campaigns, steps or mailboxes of a page as a table: a row of labels per entry, rendered once, and a column of values
/// per measure.
///
/// A page is written by column. Contiguous columns are fast to read, unlike the values of the reports, which are scattered
/// over memory.
struct SeriesTable<Measure: MeasureKey> {
    private(set) var labels: LabelSets
    /// The columns in the order of the measures, `capacity` values each; NaN for a missing value.
    private var values: [Double]
    private let capacity: Int

    /// - Parameter capacity: the maximum number of rows.
    init(capacity: Int) {
        self.capacity = capacity
        labels = LabelSets(capacity: capacity)
        values = Array(repeating: .nan, count: capacity * Measure.allCases.count)
    }

    mutating func append(_ base: Labels, _ pairs: KeyValuePairs<String, String>, _ measures: Measures<Measure>) {
        let row = labels.count
        labels.append(base, pairs)
        measures.forEach { measure, value in values[measure * capacity + row] = value }
    }

    func write(to writer: inout ExpositionWriter) {
        for measure in Measure.allCases {
            writer.open(measure.family)
            let first = Int(measure.rawValue) * capacity
            writer.samples(labels, values.span.extracting(first..<first + labels.count))
        }
    }
}
