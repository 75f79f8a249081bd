// SPDX-License-Identifier: Apache-2.0

/// A smooth wave of period 1 around 0 whose slope stays between -1 and 1, so that adding less than one of it to a
/// rising line keeps the line rising.
enum Wave {
    /// The wave's height: two parabolas, upwards from every whole number.
    static func height(at x: Double) -> Double {
        let phase = x - x.rounded(.down)
        let half = phase < 0.5 ? phase : phase - 0.5
        return (phase < 0.5 ? 1 : -1) * (half - 2 * half * half)
    }
}
