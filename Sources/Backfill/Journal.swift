// SPDX-License-Identifier: Apache-2.0

package import Exposition
package import Outreach

extension CampaignHistory {
    /// The campaign's labels as its series carry them.
    package static func labels(of campaign: String, _ account: Account) -> Labels {
        account.labels.adding("campaign", campaign)
    }

    /// The lines that a part's word on a campaign becomes, its seal last, each with its end.
    ///
    /// - Parameters:
    ///   - part: what told it.
    ///   - campaign: the provider's id.
    ///   - account: whose campaign it is.
    ///   - first: the boundary of the whole past at which this one begins.
    /// - Returns: the lines.
    package func spooled(part: String, campaign: String, of account: Account, from first: Int) -> [UInt8] {
        let labels = Self.labels(of: campaign, account)
        let seal = JournalRecord.CommitRecord(
            part: part,
            campaign: labels.bytes,
            birth: birth.map { $0 + first },
            isCorrected: isCorrected
        )
        return (series(labels, from: first) + [.seal(seal)]).reduce(into: []) { bytes, line in
            bytes += line.bytes
            bytes.append(UInt8(ascii: "\n"))
        }
    }

    /// Every series, those of a family in the order of the page.
    private func series(_ labels: Labels, from first: Int) -> [JournalRecord] {
        let known = steps.values.sorted { $0.key < $1.key }
        let infos = known.map { step in
            let labels = labels.adding(step.key).adding("channel", step.channel).adding("task", step.task)
                .adding("condition", step.condition)
            return line(BackfillFamilies.stepInfo, labels, .one)
        }
        let totals = CampaignMeasure.allCases.compactMap { line(.campaign($0), labels, from: first) }
        let counts = known.flatMap { step in
            StepMeasure.allCases.compactMap { line(.step(step.key, $0), labels.adding(step.key), from: first) }
        }
        return infos + totals + counts
    }

    private func line(_ key: Key, _ labels: Labels, from first: Int) -> JournalRecord? {
        tracks[key].map { line(BackfillFamilies.number(of: key), labels, $0.shifted(by: first)) }
    }

    private func line(_ family: Int, _ labels: Labels, _ track: StepSeries) -> JournalRecord {
        .series(family: family, labels: labels.bytes, track)
    }
}

extension Labels {
    fileprivate func adding(_ step: Step.Key) -> Labels {
        adding("sequence", step.sequence).adding("step", step.step).adding("variant", step.variant)
    }
}

/// The families that a past can have, in the order of the page; the spool names them by their number.
package enum BackfillFamilies {
    /// All of them.
    package static let all: [MetricFamily] =
        [Catalogue.campaignInfo] + CampaignMeasure.allCases.map(\.family) + [Catalogue.stepInfo]
        + StepMeasure.allCases.map(\.family)

    /// Names of campaigns.
    package static let campaignInfo = 0
    /// What a step is.
    static let stepInfo = 1 + CampaignMeasure.allCases.count

    /// The family of a campaign's or a step's total.
    static func number(of key: CampaignHistory.Key) -> Int {
        switch key {
        case .campaign(let measure): 1 + Int(measure.rawValue)
        case .step(_, let measure): stepInfo + 1 + Int(measure.rawValue)
        }
    }
}

/// What the spool holds and where: its lines stay on disk, so that years of thousands of campaigns take little memory.
package struct JournalIndex: Sendable {
    /// Where a series stands.
    package struct Entry: Sendable, Hashable {
        /// Its family's number.
        package let family: Int32
        /// The campaign's number.
        package let campaign: Int32
        /// Where its line starts.
        package let offset: Int
        /// How long it is, without its end.
        package let length: Int32
    }

    /// A part's word on a campaign.
    private struct Word: Hashable {
        let part: String
        let campaign: Int32
    }

    private let numbers: [[UInt8]: Int32]
    private var known: Set<Word> = []
    private var corrected: Set<Int32> = []
    private var births: [Int32: Int] = [:]
    private var pending: [Entry] = []
    private var sealed: [Entry] = []

    /// How many bytes hold sealed lines; whatever follows is a rest.
    package private(set) var end: Int

    /// An empty index.
    ///
    /// - Parameters:
    ///   - campaigns: the campaigns' labels in the order of the page.
    ///   - start: where the lines begin.
    package init(campaigns: [Labels], from start: Int) {
        numbers = Dictionary(campaigns.enumerated().map { ($1.bytes, Int32($0)) }) { first, _ in first }
        end = start
    }

    /// How many campaigns' days did not add up.
    package var correctedCount: Int { corrected.count }

    /// Whether a part's word on a campaign is there.
    package func knows(_ part: String, of campaign: Labels) -> Bool {
        numbers[campaign.bytes].map { known.contains(Word(part: part, campaign: $0)) } ?? false
    }

    /// The boundary behind which the first event of a campaign was counted; `nil` where there was none.
    package func birth(of campaign: Int) -> Int? { births[Int32(campaign)] }

    /// What stands of a family, campaign by campaign in the order of the page.
    package func entries(of family: Int) -> [(campaign: Int, lines: [Entry])] {
        Dictionary(grouping: sealed.lazy.filter { $0.family == family }, by: \.campaign)
            .sorted { $0.key < $1.key }.map { (Int($0.key), $0.value) }
    }

    /// Takes in whole lines that start at an offset, up to the first that was never written like this.
    ///
    /// - Returns: how many of the bytes are whole lines of the spool.
    package mutating func take(_ bytes: [UInt8], at offset: Int) -> Int {
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")), let line = JournalRecord(bytes[start..<end])
        {
            take(line, at: offset + start, length: end - start)
            start = end + 1
        }
        return start
    }

    /// Forgets what no seal stands behind.
    package mutating func dropRest() {
        pending = []
    }

    /// A campaign that is no longer listed is passed over.
    private mutating func take(_ line: JournalRecord, at offset: Int, length: Int) {
        switch line {
        case .series(let family, _, _):
            pending.append(Entry(family: Int32(family), campaign: -1, offset: offset, length: Int32(length)))
        case .seal(let seal):
            defer { (pending, end) = ([], offset + length + 1) }
            guard let number = numbers[seal.campaign] else { return }
            known.insert(Word(part: seal.part, campaign: number))
            if seal.isCorrected { corrected.insert(number) }
            if let birth = seal.birth { births[number] = min(birth, births[number] ?? birth) }
            sealed += pending.map {
                Entry(family: $0.family, campaign: number, offset: $0.offset, length: $0.length)
            }
        }
    }
}

/// A line of the spool: what was learned about the past so far, as text that can be read again after an interruption.
///
/// The lines of a campaign's part come first, then the one that seals them: whatever no seal stands behind was being
/// written when the process ended, and is not there.
package enum JournalRecord: Sendable, Hashable {
    /// A series: its family's number, its labels as rendered, its totals.
    case series(family: Int, labels: [UInt8], StepSeries)
    /// The end of what a part told about a campaign.
    case seal(CommitRecord)

    /// What stands behind a campaign's part.
    package struct CommitRecord: Sendable, Hashable {
        /// The part's name.
        package let part: String
        /// The labels of the campaign as rendered.
        package let campaign: [UInt8]
        /// The boundary behind which its first event was counted; `nil` where there was none.
        package let birth: Int?
        /// Whether its days did not add up.
        package let isCorrected: Bool
    }

    /// The line without its end; labels, in which anything may stand but a line's end, come last.
    package var bytes: [UInt8] {
        switch self {
        case .series(let family, let labels, let track):
            let changes = track.changes.map { "\($0.boundary):\(Int($0.value))" }.joined(separator: ",")
            return Array("s \(family) \(changes) ".utf8) + labels
        case .seal(let seal):
            let birth = seal.birth.map(String.init) ?? "-"
            return Array("e \(seal.part) \(birth) \(seal.isCorrected ? 1 : 0) ".utf8) + seal.campaign
        }
    }

    /// Reads a line; `nil` for one that was never written like this.
    package init?(_ bytes: some Collection<UInt8>) {
        let parts = bytes.split(separator: UInt8(ascii: " "), maxSplits: 3, omittingEmptySubsequences: false)
        let words = parts.prefix(3).map { String(decoding: $0, as: UTF8.self) }
        guard parts.count == 4 else { return nil }
        if words[0] == "s" {
            guard let family = Int(words[1]), let track = StepSeries(text: words[2]),
                BackfillFamilies.all.indices.contains(family)
            else { return nil }
            self = .series(family: family, labels: Array(parts[3]), track)
        } else {
            let rest = parts[3].split(separator: UInt8(ascii: " "), maxSplits: 1, omittingEmptySubsequences: false)
            guard words[0] == "e", rest.count == 2 else { return nil }
            let isCorrected = rest[0].elementsEqual("1".utf8)
            self = .seal(
                CommitRecord(part: words[1], campaign: Array(rest[1]), birth: Int(words[2]), isCorrected: isCorrected)
            )
        }
    }
}

extension StepSeries {
    /// Reads `0:12,3:15`.
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
