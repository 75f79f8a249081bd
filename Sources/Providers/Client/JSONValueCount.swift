// SPDX-License-Identifier: Apache-2.0

/// Counts the values of a JSON text without decoding it: a decoder takes up to 250 bytes for each of them.
struct JSONValueCount {
    /// The most values and names of an object's fields in one body.
    ///
    /// The largest honest body is Instantly's analytics of all campaigns in one response, 45 for each: this is room for
    /// 13,000 campaigns.
    static let limit = 600_000

    /// Whether the text has more values and names than the limit.
    let isExceeded: Bool

    /// Counts commas, colons and opening brackets outside of strings, until the limit is exceeded.
    init(_ body: [UInt8], limit: Int = Self.limit) {
        guard body.count > limit else {
            isExceeded = false
            return
        }
        isExceeded = Self.count(body.span, upTo: limit) > limit
    }

    private static func count(_ body: Span<UInt8>, upTo limit: Int) -> Int {
        var count = 1
        var isInString = false
        var index = 0
        while index < body.count, count <= limit {
            switch body[index] {
            case UInt8(ascii: "\""): isInString.toggle()
            case UInt8(ascii: "\\") where isInString: index += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "{"):
                if !isInString { count += 1 }
            default: break
            }
            index += 1
        }
        return count
    }
}
