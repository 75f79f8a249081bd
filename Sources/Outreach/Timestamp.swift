// SPDX-License-Identifier: Apache-2.0

/// A wall-clock time; part of the storage format.
package struct Timestamp: Sendable, Hashable, Codable, Comparable {
    /// Seconds since 1970-01-01 00:00 UTC.
    package let seconds: Double

    package init(seconds: Double) {
        self.seconds = seconds
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.seconds < right.seconds
    }

    /// The time a duration later, or earlier if it is negative.
    package func advanced(by duration: Duration) -> Timestamp {
        Timestamp(seconds: seconds + duration / .seconds(1))
    }

    /// The time from `other` to this time.
    package func since(_ other: Timestamp) -> Duration {
        .seconds(seconds - other.seconds)
    }
}

/// An API key or password that prints, dumps and interpolates as `<redacted>`.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package let value: String

    package init(_ value: String) {
        self.value = value
    }

    package var description: String { "<redacted>" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
