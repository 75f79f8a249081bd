// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// How the body of an answer is encoded.
package enum ContentCoding: String, Sendable, Hashable, CaseIterable {
    /// As it is; the answer has no `Content-Encoding`.
    case identity
    /// Compressed; the answer says `Content-Encoding: gzip`.
    case gzip
}

extension ContentCoding {
    /// Chooses the coding that an `Accept-Encoding` header likes best (RFC 9110 §12.5.3); gzip where it likes both alike.
    ///
    /// Where nothing is acceptable the answer is `identity`, as with other exporters.
    package init(accepting header: String?) {
        let elements = HeaderList(header ?? "").elements
        let weight = { (names: [String]) in elements.first { names.contains($0.value) }?.weight }
        let anything = weight(["*"])
        let gzip = weight(["gzip", "x-gzip"]) ?? anything ?? 0
        // Without a word about it, plain text is acceptable, but less than what is named.
        let identity = weight(["identity"]) ?? anything ?? 0
        self = gzip > 0 && gzip >= identity ? .gzip : .identity
    }
}

/// The format of an answer together with how it escapes metric names.
package struct ContentType: Sendable, Hashable {
    /// The format.
    package let format: Format
    /// The `escaping` parameter, `nil` for formats without one.
    package let escaping: String?

    /// The header field's value.
    package var value: String {
        let (type, subtype) = format.mediaType
        let escaping = escaping.map { "; escaping=\($0)" } ?? ""
        return "\(type)/\(subtype); version=\(format.version); charset=utf-8\(escaping)"
    }
}

extension ContentType {
    /// Chooses the format that an `Accept` header likes best (RFC 9110 §12.5.1).
    ///
    /// A format's weight is that of the most specific range that covers it. Among formats of equal weight the one
    /// that the header names more specifically wins, then the one that it names first, then the order of `Format`.
    /// Where nothing is acceptable the answer is text 0.0.4: a refusal would only turn a scrape into a failure.
    package init(accepting header: String?) {
        let ranges = HeaderList(header ?? "*/*").elements.enumerated().compactMap(MediaRange.init)
        let candidates = Format.allCases.compactMap { format in
            ranges.filter { $0.specificity(for: format) != nil }
                .max { $0.rank(for: format) < $1.rank(for: format) }
                .map { (format: format, range: $0) }
        }
        let best = candidates.filter { $0.range.weight > 0 }
            .max { $0.range.preference(for: $0.format) < $1.range.preference(for: $1.format) }
        self.init(best?.format ?? .text004, asked: best?.range.escaping)
    }

    private init(_ format: Format, asked: String?) {
        self.format = format
        // Every metric name here is legal in all versions, so each of these leaves the names alone. The one other
        // scheme, `dots`, would double underscores; it is answered, as it may be, with the default.
        let harmless = ["allow-utf-8", "underscores", "values"]
        escaping = format.namesEscaping ? asked.flatMap { harmless.contains($0) ? $0 : nil } ?? "underscores" : nil
    }
}

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

/// An element of an `Accept` header.
struct MediaRange {
    /// How much it is liked, 0 to 1.
    let weight: Double
    /// The scheme that escapes metric names, as far as one is asked for.
    let escaping: String?
    private let type: String
    private let subtype: String
    private let version: String?
    private let position: Int

    /// Reads an element; `nil` if it is no media range.
    init?(position: Int, element: HeaderList.Element) {
        let parts = element.value.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts[0] != "*" || parts[1] == "*" else { return nil }
        (type, subtype) = (parts[0], parts[1])
        weight = element.weight
        version = element["version"]
        escaping = element["escaping"]?.lowercased()
        self.position = position
    }

    /// How closely it describes a format; `nil` if it leaves it out.
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

    /// Which of the ranges that cover a format decides about it: the most specific, of equals the best liked.
    func rank(for format: Format) -> (Int, Double) {
        (specificity(for: format) ?? -1, weight)
    }

    /// Which format wins: the best liked, of equals the most closely described, of those the first.
    func preference(for format: Format) -> (Double, Int, Int) {
        (weight, specificity(for: format) ?? -1, -position)
    }
}

/// Chooses format and coding, and remembers the last question: a Prometheus always asks the same.
///
/// To take its `Accept` apart would be a third of a small scrape.
package final class Negotiator: Sendable {
    /// What a scrape asks for.
    private struct Question: Equatable {
        let accept: String?
        let acceptEncoding: String?
    }

    private let last = Mutex<(question: Question, answer: (ContentType, ContentCoding))?>(nil)

    /// A negotiator that was asked nothing yet.
    package init() {}

    /// The format and coding for a scrape with these header fields.
    package func answer(accept: String?, acceptEncoding: String?) -> (type: ContentType, coding: ContentCoding) {
        let question = Question(accept: accept, acceptEncoding: acceptEncoding)
        if let last = last.withLock({ $0 }), last.question == question { return last.answer }
        let answer = (ContentType(accepting: accept), ContentCoding(accepting: acceptEncoding))
        last.withLock { $0 = (question, answer) }
        return answer
    }
}
