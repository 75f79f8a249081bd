// SPDX-License-Identifier: Apache-2.0

/// So many requests within a window that opens with the first of them.
struct RateLimit: Sendable {
    let requests: Int
    /// The window's length in seconds.
    let seconds: Double

    /// No limit at all.
    static let none = RateLimit(requests: .max, seconds: 1)
}
