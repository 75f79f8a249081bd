// SPDX-License-Identifier: Apache-2.0

@testable import Exposition
@testable import Outreach

/// The page of some reports.
func page(_ reports: [AccountReport], _ syntax: Syntax = .text) -> String {
    var writer = ExpositionWriter(syntax)
    ReportWriter(reports).write(to: &writer)
    return String(decoding: writer.finish(), as: UTF8.self)
}

/// The samples of a page.
func samples(_ page: String) -> [Substring] {
    page.split(separator: "\n").filter { !$0.hasPrefix("#") }
}

/// The series of a page: its samples without their values.
func series(_ page: String) -> [Substring] {
    samples(page).map { sample in sample[..<(sample.lastIndex(of: " ") ?? sample.endIndex)] }
}

extension Measures {
    /// Measures with values.
    init(_ values: KeyValuePairs<Measure, Double>) {
        self.init()
        for (measure, value) in values { self[measure] = value }
    }
}
