// SPDX-License-Identifier: Apache-2.0

extension Duration {
    /// Whole milliseconds, rounded up, never negative and at most a day.
    var milliseconds: Int {
        let (seconds, attoseconds) = clamped.components
        return Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }

    private var clamped: Duration {
        min(max(self, .zero), .seconds(86_400))
    }
}
