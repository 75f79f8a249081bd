// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Exposition
internal import Backfill
internal import Outreach
internal import Providers

struct BackfillOptions: Sendable {
    /// The days and the interval of the samples.
    let grid: SampleGrid
    let steps: Bool
    /// Labels that Prometheus adds when it scrapes, such as `job` and `instance`.
    let labels: Labels
    let output: String
    /// The accounts, in the order of the metrics page.
    let accounts: [ConfiguredAccount]

    /// Checks the flags against the configured accounts and the current time.
    ///
    /// - Throws: `BackfillError.usage`.
    init(_ arguments: BackfillArguments, _ settings: Settings, now: Timestamp) throws(BackfillError) {
        guard let since = arguments.since, let output = arguments.output else {
            throw .usage("backfill needs --since=DAY and --output=FILE")
        }
        let today = Day(containing: now.seconds)
        let end = (arguments.until?.advanced(by: 1)) ?? today
        guard end <= today else { throw .usage("--until: the day must be over, by UTC") }
        guard since < end else { throw .usage("--since: \(since) is after the last day, \(end.advanced(by: -1))") }
        for name in arguments.accounts where !settings.accounts.contains(where: { $0.name == name }) {
            throw .usage("--account: there is no account \(name.debugDescription)")
        }
        let names = arguments.labels.map(\.name)
        if let name = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw .usage("--label: \(name) is given more than once")
        }
        grid = SampleGrid(since..<end, every: arguments.sampleInterval.seconds)
        steps = arguments.steps
        labels = arguments.labels.reduce(Labels()) { $0.adding($1.name, $1.value) }
        self.output = output
        accounts = settings.accounts
            .filter { arguments.accounts.isEmpty || arguments.accounts.contains($0.name) }
            .sorted { $0.settings.account < $1.settings.account }
    }

    /// The path of the journal, which exists until the output is written.
    var statePath: String { output + ".state" }

    /// What the answers in the journal depend on, in one line: its header.
    var title: String {
        let sources = accounts.map { account in
            let settings = account.settings
            let options = settings.options.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            return "\([account.name, settings.baseURL, settings.startDate ?? "-"] + options)"
        }
        return "backfill 1 \(grid.days.lowerBound) \(grid.days.upperBound) steps=\(steps) \(sources)"
    }
}

/// Why a backfill failed; the description says what to do.
enum BackfillError: Error, CustomStringConvertible {
    /// The flags are missing or contradict each other.
    case usage(String)
    /// The journal belongs to a backfill with other options.
    case foreignState(String)
    /// Every campaign or account failed, those of `BackfillFailures.summary`.
    case nothingWritten(String)
    case interrupted

    var description: String {
        switch self {
        case .usage(let reason): reason
        case .foreignState(let path):
            "\(path) belongs to a backfill of other days, accounts or steps: give the same flags to go on with it,"
                + " and --until with its last day if midnight has passed, or delete it"
        case .nothingWritten(let failures):
            "nothing is written: without \(failures) nothing is left. The same command asks for what is missing"
        case .interrupted: "interrupted: the same command goes on where this one stopped"
        }
    }
}

/// The result of a backfill, and the next command.
struct BackfillSummary: Sendable, CustomStringConvertible {
    let series, samples: Int
    let calls: Int
    /// Number of campaigns whose days did not add up to their totals.
    let corrected: Int
    /// The campaigns and accounts that are left out, in words; `nil` if the output is complete.
    let omitted: String?
    let options: BackfillOptions

    /// The exit status: 4 if campaigns or accounts are left out.
    var exitStatus: Int32 { omitted == nil ? 0 : 4 }

    /// The longest block duration of `promtool` below a month.
    ///
    /// It reads the whole file once for each block: with its default of two hours 4,380 times for a year.
    private static let blockDuration = "486h"

    var description: String {
        let days = options.grid.days
        let last = days.upperBound.advanced(by: -1)
        return """
            \(options.output): \(series) series, \(samples) samples from \(days.lowerBound) to \(last), \(calls) calls
            \(notes)Next: promtool tsdb create-blocks-from --max-block-duration=\(Self.blockDuration) \
            openmetrics \(options.output.shellQuoted) DATA-FOLDER-OF-PROMETHEUS
            """
    }

    private var notes: String {
        var notes = omitted.map { "Without \($0): the same command asks for what is missing\n" } ?? ""
        if corrected > 0 {
            notes += "\(corrected) campaigns have days that do not add up to their totals: they were cut to what fits\n"
        }
        if options.labels.bytes.isEmpty {
            notes += "Without --label=job=… and --label=instance=… these are other series than those of the scrape\n"
        }
        return notes
    }
}

extension String {
    /// The text quoted for a shell where it needs it.
    fileprivate var shellQuoted: String {
        let isPlain = utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "/._-".utf8.contains(byte)
        }
        return isPlain
            ? self : "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
