// SPDX-License-Identifier: Apache-2.0

import Collection
import Exposition
import Outreach
import TestSupport

/// Samples of the page: the value of each series by its name and labels.
typealias Samples = [String: Double]

extension Samples {
    /// The samples that a section of the page writes.
    init(_ section: some Section) {
        self.init { section.write(section.entries(of: nil).map(\.content), to: &$0) }
    }

    /// The samples that reports make on the page.
    init(_ reports: [AccountReport]) {
        self.init { ReportWriter(reports).write(to: &$0) }
    }

    private init(_ write: (inout ExpositionWriter) -> Void) {
        var writer = ExpositionWriter(.text)
        write(&writer)
        let lines = String(decoding: writer.finish(), as: UTF8.self).split(separator: "\n")
        let samples = lines.filter { !$0.hasPrefix("#") && !$0.isOfStandstill }.compactMap {
            line -> (String, Double)? in
            guard let space = line.lastIndex(of: " "), let value = Double(line[line.index(after: space)...]) else {
                return nil
            }
            return (String(line[..<space]), value)
        }
        self.init(samples) { first, _ in first }
    }

    /// Those of campaigns and their steps.
    var campaignSamples: Samples {
        filter { $0.key.hasPrefix("outreach_campaign") || $0.key.hasPrefix("outreach_step") }
    }

    /// Those without the steps'.
    var withoutStepSamples: Samples { filter { !$0.key.hasPrefix("outreach_step") } }

    /// Those without the info series of campaigns whose id stands in for a missing name.
    var withoutStandIns: Samples {
        filter { sample in
            let values = sample.key.split(separator: "\"")
            return !sample.key.hasPrefix("outreach_campaign_info") || values.count < 8 || values[5] != values[7]
        }
    }

    /// Those whose names have lost what is no Unicode text.
    var withoutReplacements: Samples {
        Samples(uniqueKeysWithValues: map { ($0.key.replacing("\u{FFFD}", with: ""), $0.value) })
    }

    /// The samples that the counter guard shows after `before`: counters that fell by up to half keep their value.
    func held(above before: Samples) -> Samples {
        reduce(into: self) { held, sample in
            guard let mark = before[sample.key], sample.key.isCounter else { return }
            if sample.value < mark, sample.value >= mark / 2 { held[sample.key] = mark }
        }
    }

    /// A line per sample that differs from another set.
    func differences(from other: Samples) -> [String] {
        Set(keys).union(other.keys).sorted().compactMap { key in
            let (mine, theirs) = (self[key], other[key])
            return mine == theirs ? nil : "\(key): \(mine.text), expected \(theirs.text)"
        }
    }

    /// A line per sample that another set does not have with the same value.
    func beyond(_ other: Samples) -> [String] {
        filter { other[$0.key] != $0.value }.lines
    }

    /// A line per sample.
    var lines: [String] { map { "\($0.key) \($0.value)" }.sorted() }
}

extension String {
    /// Whether the series is a counter.
    fileprivate var isCounter: Bool { prefix { $0 != "{" }.hasSuffix("_total") }
}

extension Double? {
    fileprivate var text: String { map { "\($0)" } ?? "nothing" }
}
