// SPDX-License-Identifier: Apache-2.0

extension [UInt8] {
    /// Appends a value: an integer without a point, anything else with the fewest digits that read back the same.
    mutating func appendNumber(_ value: Double) {
        if let integer = Int64(exactly: value) {
            appendInteger(integer)
        } else if value.isFinite {
            append(contentsOf: value.description.utf8)
        } else {
            append(contentsOf: (value.isNaN ? "NaN" : value > 0 ? "+Inf" : "-Inf").utf8)
        }
    }

    /// Appends a bucket's bound with a point, as OpenMetrics demands: `1.0`.
    ///
    /// Text says the same, or the formats would make two series of one.
    mutating func appendBound(_ bound: Double) {
        append(contentsOf: (bound.isFinite ? bound.description : "+Inf").utf8)
    }

    private mutating func appendInteger(_ value: Int64) {
        if value < 0 { append(UInt8(ascii: "-")) }
        var rest = value.magnitude
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var first = digits.count
        repeat {
            first -= 1
            digits[first] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        for index in first..<digits.count { append(digits[index]) }
    }
}
