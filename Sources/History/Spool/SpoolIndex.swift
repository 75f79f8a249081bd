// SPDX-License-Identifier: Apache-2.0

package import Exposition

/// What the spool holds and where: its lines stay on disk, so that years of thousands of campaigns take little memory.
package struct SpoolIndex: Sendable {
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
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")), let line = SpoolLine(bytes[start..<end]) {
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
    private mutating func take(_ line: SpoolLine, at offset: Int, length: Int) {
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
