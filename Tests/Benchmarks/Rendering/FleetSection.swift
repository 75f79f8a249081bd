// SPDX-License-Identifier: Apache-2.0

internal import Exposition
internal import Outreach
internal import Synchronization

/// Provider data as the exporter has it on its page.
final class FleetSection: Section {
    private let reports: [AccountReport]
    private let moves = Atomic<UInt64>(0)

    init(_ reports: [AccountReport]) {
        self.reports = reports
    }

    var version: UInt64 { moves.load(ordering: .relaxed) }

    /// Makes the page believe that the reports have changed.
    func move() {
        moves.add(1, ordering: .relaxed)
    }

    func write(to writer: inout ExpositionWriter) {
        ReportWriter(reports).write(to: &writer)
    }
}

/// As many numbers as the process has to tell about itself at every scrape.
struct MomentSection: Section {
    private let families = (0..<12).map {
        MetricFamily("process_number_\($0)", .gauge, "A number that the process tells about itself.")
    }

    var version: UInt64 { 0 }

    func write(to writer: inout ExpositionWriter) {
        for (index, family) in families.enumerated() {
            writer.open(family)
            writer.sample(Labels(["handler": "/metrics", "code": "200"]), Double(index) * 1.5)
        }
    }
}
