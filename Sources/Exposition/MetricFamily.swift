// SPDX-License-Identifier: Apache-2.0

/// A metric family: the name, type and help that its series share.
package struct MetricFamily: Sendable, Hashable {
    /// The name that the samples carry, suffix `_total` or `_info` included; a histogram's without `_bucket`.
    package let name: String
    /// What kind of number the samples hold.
    package let type: MetricType
    /// One sentence for people: what is counted and at which grain.
    package let help: String

    /// The labels of its series beside those that the thing it tells about has everywhere; for the documentation.
    package let labels: [String]

    /// The name as bytes: how each of its samples begins.
    let sampleStart: [UInt8]
    private var headers: [Syntax: [UInt8]] = [:]

    /// Describes a family.
    package init(_ name: String, _ type: MetricType, _ help: String, labels: [String] = []) {
        self.name = name
        self.type = type
        self.help = help
        self.labels = labels
        sampleStart = Array(name.utf8)
        for syntax in Syntax.allCases { headers[syntax, default: []].appendHeader(of: self, in: syntax) }
    }

    /// The metadata as it stands before the samples; rendered once, written with every page and every scrape.
    package func header(in syntax: Syntax) -> [UInt8] { headers[syntax, default: []] }
}

extension MetricFamily {
    /// The name that OpenMetrics puts into metadata: without the suffix that only samples carry.
    package var openMetricsName: String {
        switch type {
        case .counter where name.hasSuffix("_total"): String(name.dropLast("_total".count))
        case .info where name.hasSuffix("_info"): String(name.dropLast("_info".count))
        default: name
        }
    }

    /// The unit that the name ends in, for OpenMetrics; `nil` without one and for an info.
    package var unit: String? {
        guard type != .info else { return nil }
        let name = openMetricsName
        return ["seconds", "bytes", "ratio"].first { name.hasSuffix("_" + $0) }
    }
}

/// What kind of number a family holds.
package enum MetricType: Sendable, Hashable {
    /// A total that only grows; its name ends in `_total`.
    case counter
    /// A number that moves both ways.
    case gauge
    /// Counts of observations in cumulative buckets.
    case histogram
    /// A constant 1 whose labels carry the information; its name ends in `_info`.
    case info
}

/// How metadata is written; samples are the same bytes in both.
package enum Syntax: String, Sendable, Hashable, CaseIterable {
    /// Prometheus's own text.
    case text
    /// OpenMetrics.
    case openMetrics = "openmetrics"
}

extension [UInt8] {
    /// Appends a family's metadata in the order that its syntax recommends.
    mutating func appendHeader(of family: MetricFamily, in syntax: Syntax) {
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
