// SPDX-License-Identifier: Apache-2.0

/// A metric family: the name, type and help that its series share.
package struct Family: Sendable, Hashable {
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

extension Family {
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
