// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// The content coding of a response (RFC 9110 §8.4).
package enum ContentCoding: String, Sendable, Hashable, CaseIterable {
    /// Uncompressed, without a `Content-Encoding`.
    case identity
    /// `Content-Encoding: gzip`.
    case gzip

    /// Chooses the coding with the greatest weight in an `Accept-Encoding` header (RFC 9110 §12.5.3), of equals gzip.
    ///
    /// If neither is acceptable, the coding is `identity`, as with other exporters.
    package init(accepting header: String?) {
        let elements = AcceptHeader(header ?? "").elements
        let weight = { (names: [String]) in elements.first { names.contains($0.value) }?.weight }
        let wildcard = weight(["*"])
        let gzip = weight(["gzip", "x-gzip"]) ?? wildcard ?? 0
        // By default `identity` is acceptable, but less than a coding that is listed.
        let identity = weight(["identity"]) ?? wildcard ?? 0
        self = gzip > 0 && gzip >= identity ? .gzip : .identity
    }
}

/// The `Content-Type` of a response: the format, and how it escapes metric names.
package struct ContentType: Sendable, Hashable {
    package let format: Format
    /// The `escaping` parameter, `nil` for formats without one.
    package let escaping: String?

    package var value: String {
        let (type, subtype) = format.mediaType
        let escaping = escaping.map { "; escaping=\($0)" } ?? ""
        return "\(type)/\(subtype); version=\(format.version); charset=utf-8\(escaping)"
    }

    /// Chooses the format with the greatest weight in an `Accept` header (RFC 9110 §12.5.1).
    ///
    /// A format's weight is that of the most specific media range that matches it. Of formats with equal weight the one with
    /// the more specific media range wins, then the one listed first, then the order of `Format`. If none is acceptable, the
    /// format is text 0.0.4: an error would only fail the scrape.
    package init(accepting header: String?) {
        let ranges = AcceptHeader(header ?? "*/*").elements.enumerated().compactMap(MediaRange.init)
        let candidates = Format.allCases.compactMap { format in
            ranges.filter { $0.specificity(for: format) != nil }
                .max { $0.rank(for: format) < $1.rank(for: format) }
                .map { (format: format, range: $0) }
        }
        let best = candidates.filter { $0.range.weight > 0 }
            .max { $0.range.preference(for: $0.format) < $1.range.preference(for: $1.format) }
        self.init(best?.format ?? .text004, requestedEscaping: best?.range.escaping)
    }

    private init(_ format: Format, requestedEscaping: String?) {
        self.format = format
        // The exporter's metric names are valid in every version, so these schemes leave them unchanged. The one other
        // scheme, `dots`, would double underscores: the response to it is, as allowed, in the default scheme.
        let supported = ["allow-utf-8", "underscores", "values"]
        let escaping = requestedEscaping.flatMap { supported.contains($0) ? $0 : nil } ?? "underscores"
        self.escaping = format.hasEscaping ? escaping : nil
    }
}

/// A text format that Prometheus parses, in order of preference.
package enum Format: Sendable, Hashable, CaseIterable {
    /// Prometheus text, which every scraper parses.
    case text004
    /// OpenMetrics 1.0.0, its first specification.
    case openMetrics100
    /// Prometheus text with UTF-8 names; the exporter's are ASCII, so the bytes are those of 0.0.4.
    case text100
    /// OpenMetrics before its specification; the bytes are those of 1.0.0.
    case openMetrics001

    package var syntax: Syntax {
        switch self {
        case .text004, .text100: .text
        case .openMetrics100, .openMetrics001: .openMetrics
        }
    }

    var mediaType: (type: String, subtype: String) {
        switch syntax {
        case .text: ("text", "plain")
        case .openMetrics: ("application", "openmetrics-text")
        }
    }

    var version: String {
        switch self {
        case .text004: "0.0.4"
        case .openMetrics001: "0.0.1"
        case .text100, .openMetrics100: "1.0.0"
        }
    }

    /// Whether a media range without a version means this format: the only one of its media type at first.
    var isDefault: Bool { self == .text004 || self == .openMetrics100 }

    /// Whether the content type has an `escaping` parameter.
    var hasEscaping: Bool { version == "1.0.0" }
}

/// A media range of an `Accept` header.
struct MediaRange {
    /// 0 to 1.
    let weight: Double
    /// The requested escaping of metric names, if any.
    let escaping: String?
    private let type: String
    private let subtype: String
    private let version: String?
    private let position: Int

    /// Parses an element; `nil` if it is no media range.
    init?(position: Int, element: AcceptHeader.Element) {
        let parts = element.value.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts[0] != "*" || parts[1] == "*" else { return nil }
        (type, subtype) = (parts[0], parts[1])
        weight = element.weight
        version = element["version"]
        escaping = element["escaping"]?.lowercased()
        self.position = position
    }

    /// How specifically it matches a format, 0 to 3; `nil` if it does not.
    func specificity(for format: Format) -> Int? {
        let (wantedType, wantedSubtype) = format.mediaType
        switch (type, subtype, version) {
        case (wantedType, wantedSubtype, format.version): return 3
        case (wantedType, wantedSubtype, nil) where format.isDefault: return 2
        case (wantedType, "*", _) where format.isDefault: return 1
        case ("*", "*", _) where format.isDefault: return 0
        default: return nil
        }
    }

    /// Orders the ranges that match a format: the most specific decides, of equals the one with the greatest weight.
    func rank(for format: Format) -> (Int, Double) {
        (specificity(for: format) ?? -1, weight)
    }

    /// Orders formats with the ranges that decide about them: by weight, then specificity, then position.
    func preference(for format: Format) -> (Double, Int, Int) {
        (weight, specificity(for: format) ?? -1, -position)
    }
}

/// Chooses format and coding, and caches the last choice, because a Prometheus server always sends the same header fields.
///
/// Parsing its `Accept` header would be a third of the cost of a small scrape.
package final class ContentNegotiator: Sendable {
    private struct Choice {
        let accept: String?
        let acceptEncoding: String?
        let type: ContentType
        let coding: ContentCoding
    }

    private let last = Mutex<Choice?>(nil)

    package init() {}

    /// The content type and coding for a request with these header fields.
    package func negotiate(accept: String?, acceptEncoding: String?) -> (type: ContentType, coding: ContentCoding) {
        if let last = last.withLock({ $0 }), last.accept == accept, last.acceptEncoding == acceptEncoding {
            return (last.type, last.coding)
        }
        let (type, coding) = (ContentType(accepting: accept), ContentCoding(accepting: acceptEncoding))
        last.withLock { $0 = Choice(accept: accept, acceptEncoding: acceptEncoding, type: type, coding: coding) }
        return (type, coding)
    }
}
