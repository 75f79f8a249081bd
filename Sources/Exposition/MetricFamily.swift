// SPDX-License-Identifier: Apache-2.0

/// A metric family: the name, type and help text that its series share.
package struct MetricFamily: Sendable, Hashable {
    /// The name of the samples, with the suffix `_total` or `_info`; a histogram's without `_bucket`.
    package let name: String
    package let type: MetricType
    /// One sentence that says what is measured and at which grain.
    package let help: String
    /// For the documentation: the labels of its series beyond those of the entity that it measures.
    package let labels: [String]

    let nameBytes: [UInt8]
    private var headers: [Syntax: [UInt8]] = [:]

    package init(_ name: String, _ type: MetricType, _ help: String, labels: [String] = []) {
        self.name = name
        self.type = type
        self.help = help
        self.labels = labels
        nameBytes = Array(name.utf8)
        for syntax in Syntax.allCases { headers[syntax, default: []].appendHeader(of: self, in: syntax) }
    }

    package init(counter name: String, _ help: String, labels: [String] = []) {
        self.init(name, .counter, help, labels: labels)
    }

    package init(gauge name: String, _ help: String, labels: [String] = []) {
        self.init(name, .gauge, help, labels: labels)
    }

    package init(info name: String, _ help: String, labels: [String]) {
        self.init(name, .info, help, labels: labels)
    }

    /// The rendered metadata, which precedes the samples.
    package func header(in syntax: Syntax) -> [UInt8] { headers[syntax, default: []] }

    /// The name in OpenMetrics's metadata: without the suffix `_total` or `_info`.
    package var openMetricsName: String {
        switch type {
        case .counter where name.hasSuffix("_total"): String(name.dropLast("_total".count))
        case .info where name.hasSuffix("_info"): String(name.dropLast("_info".count))
        default: name
        }
    }

    /// The unit in OpenMetrics's metadata, which is the end of the name; `nil` without one and for an info.
    package var unit: String? {
        guard type != .info else { return nil }
        let name = openMetricsName
        return ["seconds", "bytes", "ratio"].first { name.hasSuffix("_" + $0) }
    }
}

package enum MetricType: Sendable, Hashable {
    /// A total that never decreases except for resets; its name ends in `_total`.
    case counter
    /// A number that goes up and down.
    case gauge
    /// Observations counted in cumulative buckets.
    case histogram
    /// A constant 1 with information in its labels; its name ends in `_info`.
    case info
}

/// The syntax of metadata; samples are the same bytes in both.
package enum Syntax: String, Sendable, Hashable, CaseIterable {
    case text
    case openMetrics = "openmetrics"
}

extension [UInt8] {
    /// Appends a family's metadata in the order that the format's specification recommends.
    fileprivate mutating func appendHeader(of family: MetricFamily, in syntax: Syntax) {
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

    /// `quotes` says whether double quotes are escaped: OpenMetrics requires it in help texts, text 0.0.4 forbids it.
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

/// Observations counted in buckets.
package struct Histogram: Sendable, Hashable {
    /// The upper bounds of the buckets, ascending, without `+Inf`.
    package let bounds: [Double]
    /// The number of observations per bucket, not cumulative; the last bucket is `+Inf`.
    package private(set) var counts: [UInt64]
    package private(set) var sum: Double = 0

    /// - Parameter bounds: the upper bounds, ascending, finite, and below a million, up to which all formats agree on their
    ///   notation.
    package init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    package var count: UInt64 { counts.reduce(0, +) }

    package mutating func observe(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
    }
}
