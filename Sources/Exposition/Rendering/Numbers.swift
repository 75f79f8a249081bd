// SPDX-License-Identifier: Apache-2.0

extension Double {
    /// The value as a sample shows it, where it is not an integer: the fewest digits that read back the same.
    var sampleText: String {
        if isFinite { return description }
        return isNaN ? "NaN" : self > 0 ? "+Inf" : "-Inf"
    }

    /// The value as a bucket's bound, with a point, as OpenMetrics demands: `1.0`.
    ///
    /// Text says the same, or the formats would make two series of one.
    var boundText: String { isFinite ? description : "+Inf" }
}
