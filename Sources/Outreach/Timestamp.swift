// SPDX-License-Identifier: Apache-2.0

/// A moment of the wall clock, in seconds since 1970-01-01 00:00 UTC.
package struct Timestamp: Sendable, Hashable, Codable, Comparable {
    /// Seconds since the epoch, fraction included.
    package let seconds: Double

    /// Names a moment.
    package init(seconds: Double) {
        self.seconds = seconds
    }

    /// The earlier moment is the smaller.
    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.seconds < right.seconds
    }

    /// The time from `other` to this moment.
    package func since(_ other: Timestamp) -> Duration {
        .seconds(seconds - other.seconds)
    }
}

/// A key or password: whatever prints it prints `<redacted>`.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The secret itself, for the one place that sends it.
    package let value: String

    /// Wraps a secret.
    package init(_ value: String) {
        self.value = value
    }

    package var description: String { "<redacted>" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
