// SPDX-License-Identifier: Apache-2.0

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
