// SPDX-License-Identifier: Apache-2.0

/// A line of the spool: what was learned about the past so far, as text that can be read again after an interruption.
///
/// The lines of a campaign's part come first, then the one that seals them: whatever no seal stands behind was being
/// written when the process ended, and is not there.
package enum SpoolLine: Sendable, Hashable {
    /// A series: its family's number, its labels as rendered, its totals.
    case series(family: Int, labels: [UInt8], Track)
    /// The end of what a part told about a campaign.
    case seal(Seal)

    /// What stands behind a campaign's part.
    package struct Seal: Sendable, Hashable {
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
            guard let family = Int(words[1]), let track = Track(text: words[2]),
                HistoryFamilies.all.indices.contains(family)
            else { return nil }
            self = .series(family: family, labels: Array(parts[3]), track)
        } else {
            let rest = parts[3].split(separator: UInt8(ascii: " "), maxSplits: 1, omittingEmptySubsequences: false)
            guard words[0] == "e", rest.count == 2 else { return nil }
            let isCorrected = rest[0].elementsEqual("1".utf8)
            self = .seal(
                Seal(part: words[1], campaign: Array(rest[1]), birth: Int(words[2]), isCorrected: isCorrected)
            )
        }
    }
}

extension Track {
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
