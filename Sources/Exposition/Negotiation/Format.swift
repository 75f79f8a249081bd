// SPDX-License-Identifier: Apache-2.0

/// A text format that Prometheus reads.
package enum Format: Sendable, Hashable, CaseIterable {
    /// Prometheus text, which everything reads; also where nothing else is acceptable.
    case text004
    /// OpenMetrics of its specification.
    case openMetrics100
    /// Prometheus text whose names may hold any UTF-8; ours are plain, so the bytes are those of 0.0.4.
    case text100
    /// OpenMetrics from before its specification; the bytes are those of 1.0.0.
    case openMetrics001

    /// How metadata is written.
    package var syntax: Syntax {
        switch self {
        case .text004, .text100: .text
        case .openMetrics100, .openMetrics001: .openMetrics
        }
    }

    /// Type and subtype.
    var mediaType: (type: String, subtype: String) {
        switch syntax {
        case .text: ("text", "plain")
        case .openMetrics: ("application", "openmetrics-text")
        }
    }

    /// The `version` parameter.
    var version: String {
        switch self {
        case .text004: "0.0.4"
        case .openMetrics001: "0.0.1"
        case .text100, .openMetrics100: "1.0.0"
        }
    }

    /// Whether a range without a version means this one: what its media type meant before versions multiplied.
    var isDefault: Bool { self == .text004 || self == .openMetrics100 }

    /// Whether the content type names the escaping of metric names.
    var namesEscaping: Bool { version == "1.0.0" }
}
