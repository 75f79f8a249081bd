// SPDX-License-Identifier: Apache-2.0

package import Exposition
package import Outreach

/// A line of the journal, a text file that keeps what has been fetched until the output is written.
///
/// The series of a campaign come first, then a commit record. Series without one were being written when the process
/// ended, and are discarded.
package enum JournalRecord: Sendable, Hashable {
    /// `s FAMILY 0:12,3:15 LABELS`: a family's number, the totals by boundary, the rendered labels.
    case series(family: Int, labels: [UInt8], StepSeries)
    /// `e PART START CORRECTED LABELS`: the preceding series are complete.
    case commit(CommitRecord)

    /// Completes the series that a part of the history has for a campaign.
    package struct CommitRecord: Sendable, Hashable {
        /// The part's name; without spaces.
        package let part: String
        /// The rendered labels of the campaign.
        package let campaign: [UInt8]
        /// The last boundary before the first event; `nil` without events, written as `-`.
        package let start: Int?
        /// Whether contradicting numbers were corrected, written as `0` or `1`.
        package let isCorrected: Bool
    }

    /// The line without its newline; labels come last because they may contain anything else.
    package var bytes: [UInt8] {
        switch self {
        case .series(let family, let labels, let series):
            let changes = series.changes.map { "\($0.boundary):\(Int($0.value))" }.joined(separator: ",")
            return Array("s \(family) \(changes) ".utf8) + labels
        case .commit(let commit):
            let start = commit.start.map(String.init) ?? "-"
            return Array("e \(commit.part) \(start) \(commit.isCorrected ? 1 : 0) ".utf8) + commit.campaign
        }
    }

    /// Parses a line without its newline; `nil` for a malformed one.
    package init?(_ bytes: some Collection<UInt8>) {
        let parts = bytes.split(separator: UInt8(ascii: " "), maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        let fields = parts.prefix(3).map { String(decoding: $0, as: UTF8.self) }
        switch fields[0] {
        case "s":
            guard let family = Int(fields[1]), BackfillFamilies.all.indices.contains(family),
                let series = StepSeries(text: fields[2])
            else { return nil }
            self = .series(family: family, labels: Array(parts[3]), series)
        case "e":
            let rest = parts[3].split(separator: UInt8(ascii: " "), maxSplits: 1, omittingEmptySubsequences: false)
            guard rest.count == 2 else { return nil }
            let isCorrected = rest[0].elementsEqual("1".utf8)
            self = .commit(
                CommitRecord(part: fields[1], campaign: Array(rest[1]), start: Int(fields[2]), isCorrected: isCorrected)
            )
        default: return nil
        }
    }
}

extension StepSeries {
    /// Parses `0:12,3:15`.
    fileprivate init?(text: String) {
        var changes: [Change] = []
        for part in text.split(separator: ",") {
            let numbers = part.split(separator: ":").map { Int($0) }
            guard numbers.count == 2, let boundary = numbers[0], let value = numbers[1] else { return nil }
            changes.append(Change(boundary: boundary, value: Double(value)))
        }
        guard !changes.isEmpty else { return nil }
        self.init(changes)
    }
}

/// The metric families of a backfill in output order; the journal refers to them by their index.
package enum BackfillFamilies {
    package static let all: [MetricFamily] =
        [Catalogue.campaignInfo] + CampaignMeasure.allCases.map(\.family) + [Catalogue.stepInfo]
        + StepMeasure.allCases.map(\.family)

    /// Names of labels that no scrape may add: those of entities, and of these families.
    package static let reservedLabels = Set(Catalogue.groups.flatMap(\.labels) + all.flatMap(\.labels))

    /// The index of `outreach_campaign_info`, which the journal does not contain: names are written as of today.
    package static let campaignInfo = 0
    /// The index of `outreach_step_info`.
    static let stepInfo = 1 + CampaignMeasure.allCases.count

    /// The index of the family of a total.
    static func index(of key: CampaignHistory.Key) -> Int {
        switch key {
        case .campaign(let measure): 1 + Int(measure.rawValue)
        case .step(_, let measure): stepInfo + 1 + Int(measure.rawValue)
        }
    }
}

extension CampaignHistory {
    package static func labels(of campaign: String, _ account: Account) -> Labels {
        account.labels.adding("campaign", campaign)
    }

    /// The lines for the journal, each with its newline, the commit record last.
    ///
    /// - Parameters:
    ///   - part: the name in the commit record, which `JournalIndex.contains` is asked for later.
    ///   - campaign: the provider's id of the campaign.
    ///   - account: the account of the campaign.
    ///   - offset: the boundary of the whole backfill at which this history begins.
    /// - Returns: the bytes to append to the journal.
    package func journalLines(part: String, campaign: String, of account: Account, offset: Int) -> [UInt8] {
        let labels = Self.labels(of: campaign, account)
        let commit = JournalRecord.CommitRecord(
            part: part,
            campaign: labels.bytes,
            start: start.map { $0 + offset },
            isCorrected: isCorrected
        )
        return (records(labels, offset: offset) + [.commit(commit)]).reduce(into: []) { bytes, record in
            bytes += record.bytes
            bytes.append(UInt8(ascii: "\n"))
        }
    }

    /// The series in output order.
    private func records(_ labels: Labels, offset: Int) -> [JournalRecord] {
        let sorted = steps.values.sorted { $0.key < $1.key }
        let infos = sorted.map { step in
            let labels = labels.adding(step.key).adding("channel", step.channel).adding("task", step.task)
                .adding("condition", step.condition)
            return JournalRecord.series(family: BackfillFamilies.stepInfo, labels: labels.bytes, .one)
        }
        let totals = CampaignMeasure.allCases.compactMap { record(.campaign($0), labels, offset: offset) }
        let stepTotals = sorted.flatMap { step in
            StepMeasure.allCases.compactMap { record(.step(step.key, $0), labels.adding(step.key), offset: offset) }
        }
        return infos + totals + stepTotals
    }

    private func record(_ key: Key, _ labels: Labels, offset: Int) -> JournalRecord? {
        series[key].map {
            .series(family: BackfillFamilies.index(of: key), labels: labels.bytes, $0.shifted(by: offset))
        }
    }
}

extension Labels {
    fileprivate func adding(_ step: Step.Key) -> Labels {
        adding("sequence", step.sequence).adding("step", step.step).adding("variant", step.variant)
    }
}
