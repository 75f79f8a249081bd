// SPDX-License-Identifier: Apache-2.0

package import Outreach

/// The last value shown of each counter of one thing, and what its provider says where that is less.
package struct HeldMeasures<Measure: MeasureKey>: Sendable, Hashable, Codable {
    private var shown = Measures<Measure>()
    private var told = Measures<Measure>()

    /// Nothing shown yet.
    init() {}

    /// Puts the value to be shown in place of each counter that fell, and remembers what is shown.
    mutating func hold(
        _ measures: inout Measures<Measure>,
        _ counters: [Measure],
        _ corrections: inout CounterGuard.Corrections
    ) {
        for counter in counters {
            guard let value = measures[counter] else { continue }
            guard let mark = shown[counter], value < mark else {
                shown[counter] = value
                if told.count > 0 { told[counter] = nil }
                continue
            }
            if value < mark / 2 {
                corrections.reset += 1
                shown[counter] = value
                told[counter] = nil
            } else {
                if told[counter] == nil { corrections.held += 1 }
                told[counter] = value
                measures[counter] = mark
            }
        }
    }
}
