// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

/// A number, text or truth value from the wire, read as whichever of them is needed.
enum Scalar: Decodable, Hashable {
    case number(Double)
    case text(String)
    case flag(Bool)

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else {
            self = .flag(try value.decode(Bool.self))
        }
    }

    /// Beyond this a count is garbage; below it a double holds every integer.
    private static let largest = 1e15
    private static let digits = Set("0123456789+-.eE".utf8)

    /// The number, also of a text like `"42"`; `nil` for anything else, infinite or absurdly large.
    var number: Double? {
        let value: Double? =
            switch self {
            case .number(let number): number
            case .text(let text) where text.utf8.allSatisfy(Self.digits.contains): Double(text)
            case .text, .flag: nil
            }
        return value.flatMap { abs($0) <= Self.largest ? $0 : nil }
    }

    /// The text; of a whole number its digits.
    var text: String {
        switch self {
        case .text(let text): text
        case .flag(let flag): String(flag)
        case .number(let number): Int(exactly: number).map(String.init) ?? String(number)
        }
    }

    /// The truth value, also of 0, 1, `"true"` and `"false"`.
    var flag: Bool? {
        switch text.lowercased() {
        case "true", "1": true
        case "false", "0": false
        default: nil
        }
    }

    /// A time as ISO 8601 text in seconds since the epoch.
    var moment: Double? {
        guard case .text(let text) = self else { return nil }
        return try? Date(text, strategy: .iso8601).timeIntervalSince1970
    }
}
