// SPDX-License-Identifier: Apache-2.0

extension Duration {
    /// Parses a duration in the format of Prometheus: `30s`, `5m`, `1h30m`, `500ms`, `1d`, or `0`.
    ///
    /// Whole numbers with the units `y w d h m s ms`, the larger first, each at most once; a year has 365 days. Anything
    /// else, and what exceeds 64 bits of milliseconds, is `nil`.
    package init?(text: some StringProtocol) {
        guard !text.isEmpty else { return nil }
        var rest = text == "0" ? "" : text[...]
        var total: Int64 = 0
        var units = Self.units[...]
        while !rest.isEmpty {
            let digits = rest.prefix { ("0"..."9").contains($0) }
            let name = rest.dropFirst(digits.count).prefix { $0.isLetter }
            guard let count = Int64(digits), let unit = units.firstIndex(where: { $0.name == name }) else { return nil }
            let (part, tooLarge) = count.multipliedReportingOverflow(by: units[unit].milliseconds)
            let (sum, tooMuch) = total.addingReportingOverflow(part)
            guard !tooLarge, !tooMuch else { return nil }
            total = sum
            units = units[(unit + 1)...]
            rest = rest.dropFirst(digits.count + name.count)
        }
        self = .milliseconds(total)
    }

    /// The duration in the format of Prometheus, in whole milliseconds: `1h30m`; `0s` below a millisecond.
    package var text: String {
        let seconds = min(max(components.seconds, 0), Int64.max / 1000 - 1)
        var rest = max(0, seconds * 1000 + components.attoseconds / 1_000_000_000_000_000)
        var text = ""
        for unit in Self.units where rest >= unit.milliseconds {
            text += "\(rest / unit.milliseconds)\(unit.name)"
            rest %= unit.milliseconds
        }
        return text.isEmpty ? "0s" : text
    }

    private static let units: [(name: String, milliseconds: Int64)] = [
        ("y", 31_536_000_000), ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000),
        ("ms", 1),
    ]
}

extension Collection<String> {
    /// The element with the smallest edit distance from `word`; `nil` where none is near.
    package func nearest(to word: String) -> String? {
        let letters = Array(word.prefix(64))
        let allowed = Swift.max(1, letters.count / 3)
        return map { (word: $0, distance: editDistance(letters, Array($0))) }
            .filter { $0.distance <= allowed }
            .min { $0.distance < $1.distance }?.word
    }
}

/// The number of letters to insert, delete, replace or swap with a neighbour (optimal string alignment distance).
private func editDistance(_ left: [Character], _ right: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in left.indices {
        var current = [row + 1]
        for column in right.indices {
            let isSame = left[row] == right[column]
            var least = min(last[column + 1] + 1, current[column] + 1, last[column] + (isSame ? 0 : 1))
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                least = min(least, beforeLast[column - 1] + 1)
            }
            current.append(least)
        }
        (beforeLast, last) = (last, current)
    }
    return last[right.count]
}

extension StringProtocol {
    /// The text in quotes for a message: on one line, at most 80 characters.
    package var quoted: String {
        let shown = prefix(80).unicodeScalars.map { $0.isInvisible ? "\\u{\(String($0.value, radix: 16))}" : "\($0)" }
        return "\"\(shown.joined())\(count > 80 ? "…" : "")\""
    }
}

extension Unicode.Scalar {
    /// Whether a terminal or browser would interpret or hide it: control and format characters, line separators.
    package var isInvisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
