// SPDX-License-Identifier: Apache-2.0

/// How metadata is written; samples are the same bytes in both.
package enum Syntax: String, Sendable, Hashable, CaseIterable {
    /// Prometheus's own text.
    case text
    /// OpenMetrics.
    case openMetrics = "openmetrics"
}

extension [UInt8] {
    /// Appends a family's metadata in the order that its syntax recommends.
    mutating func appendHeader(of family: Family, in syntax: Syntax) {
        switch syntax {
        case .text:
            appendMetadata("HELP", family.name, family.help, quotes: false)
            appendMetadata("TYPE", family.name, family.type.name(in: syntax), quotes: false)
        case .openMetrics:
            let name = family.openMetricsName
            appendMetadata("TYPE", name, family.type.name(in: syntax), quotes: false)
            if let unit = family.unit { appendMetadata("UNIT", name, unit, quotes: false) }
            appendMetadata("HELP", name, family.help, quotes: true)
        }
    }

    /// `quotes` says whether quotes are escaped: OpenMetrics wants it in help texts, text 0.0.4 forbids it.
    private mutating func appendMetadata(_ keyword: String, _ name: String, _ text: String, quotes: Bool) {
        append(contentsOf: "# \(keyword) \(name) ".utf8)
        appendEscaped(text, quotes: quotes)
        append(UInt8(ascii: "\n"))
    }
}

extension MetricType {
    fileprivate func name(in syntax: Syntax) -> String {
        switch (self, syntax) {
        case (.counter, _): "counter"
        case (.gauge, _), (.info, .text): "gauge"
        case (.histogram, _): "histogram"
        case (.info, .openMetrics): "info"
        }
    }
}
