// SPDX-License-Identifier: Apache-2.0

/// An element of an `Accept` header.
struct MediaRange {
    /// How much it is liked, 0 to 1.
    let weight: Double
    /// The scheme that escapes metric names, as far as one is asked for.
    let escaping: String?
    private let type: String
    private let subtype: String
    private let version: String?
    private let position: Int

    /// Reads an element; `nil` if it is no media range.
    init?(position: Int, element: HeaderList.Element) {
        let parts = element.value.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts[0] != "*" || parts[1] == "*" else { return nil }
        (type, subtype) = (parts[0], parts[1])
        weight = element.weight
        version = element["version"]
        escaping = element["escaping"]?.lowercased()
        self.position = position
    }

    /// How closely it describes a format; `nil` if it leaves it out.
    func specificity(for format: Format) -> Int? {
        let (wantedType, wantedSubtype) = format.mediaType
        switch (type, subtype, version) {
        case (wantedType, wantedSubtype, format.version): return 3
        case (wantedType, wantedSubtype, nil) where format.isDefault: return 2
        case (wantedType, "*", _) where format.isDefault: return 1
        case ("*", "*", _) where format.isDefault: return 0
        default: return nil
        }
    }

    /// Which of the ranges that cover a format decides about it: the most specific, of equals the best liked.
    func rank(for format: Format) -> (Int, Double) {
        (specificity(for: format) ?? -1, weight)
    }

    /// Which format wins: the best liked, of equals the most closely described, of those the first.
    func preference(for format: Format) -> (Double, Int, Int) {
        (weight, specificity(for: format) ?? -1, -position)
    }
}
