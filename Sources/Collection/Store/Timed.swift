// SPDX-License-Identifier: Apache-2.0

/// A value and when it was asked for.
struct Timed<Value: Sendable>: Sendable {
    /// The value.
    let value: Value
    /// When it was asked for.
    let fetched: ContinuousClock.Instant
}
