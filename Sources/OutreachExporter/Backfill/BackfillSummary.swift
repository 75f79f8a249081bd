// SPDX-License-Identifier: Apache-2.0

internal import Exposition
internal import History

/// What a backfill came to, and what to do with it.
struct BackfillSummary: Sendable, CustomStringConvertible {
    /// Series and samples written.
    let series, samples: Int
    /// Calls made by this run.
    let calls: Int
    /// Campaigns whose days did not add up.
    let corrected: Int
    /// What was wanted.
    let order: BackfillOrder

    /// The longest blocks that `promtool` makes below a month: it reads the whole file once for each block, and with
    /// the two hours of its own choice 4,380 times a year.
    private static let blockDuration = "486h"

    var description: String {
        let days = order.grid.days
        let last = days.upperBound.advanced(by: -1)
        return """
            \(order.output): \(series) series, \(samples) samples from \(days.lowerBound) to \(last), \(calls) calls
            \(notes)Next: promtool tsdb create-blocks-from --max-block-duration=\(Self.blockDuration) \
            openmetrics \(order.output.shellQuoted) DATA-FOLDER-OF-PROMETHEUS
            """
    }

    private var notes: String {
        var notes = ""
        if corrected > 0 {
            notes += "\(corrected) campaigns have days that do not add up to their totals: they were cut to what fits\n"
        }
        if order.labels.bytes.isEmpty {
            notes += "Without --label=job=… and --label=instance=… these are other series than those of the scrape\n"
        }
        return notes
    }
}

extension String {
    /// The text as one word of a shell's command line.
    fileprivate var shellQuoted: String {
        let isPlain = utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "/._-".utf8.contains(byte)
        }
        return isPlain
            ? self : "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
