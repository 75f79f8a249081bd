// SPDX-License-Identifier: Apache-2.0

/// How many requests are answered: one per interval, and a burst of some.
package struct RateLimit: Sendable, Hashable {
    /// From one request to the next.
    package let interval: Duration
    /// How many may come at once.
    package let burst: Int
}
