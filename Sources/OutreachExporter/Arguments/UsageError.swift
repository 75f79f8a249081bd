// SPDX-License-Identifier: Apache-2.0

/// Why a command line makes no sense; the description holds a line for each reason.
struct UsageError: Error, Hashable, CustomStringConvertible {
    /// The status that the process ends with.
    static let exitCode: Int32 = 2

    /// What is wrong and what to do, in the order of the command line.
    let reasons: [String]

    var description: String {
        (reasons + ["all flags: outreach-exporter --help"]).joined(separator: "\n")
    }
}
