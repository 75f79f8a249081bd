// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Exposition
internal import Backfill
internal import Outreach
internal import Providers

/// What past is wanted, checked.
struct BackfillOptions: Sendable {
    /// When the samples lie.
    let grid: SampleGrid
    /// Whether the totals of steps are wanted.
    let steps: Bool
    /// Labels that the scrape adds.
    let labels: Labels
    /// The file to write.
    let output: String
    /// The accounts to ask, in the order of the page.
    let accounts: [ConfiguredAccount]

    /// Checks what the command line says about the accounts that there are.
    ///
    /// - Throws: `BackfillError.usage`.
    init(_ arguments: BackfillArguments, _ settings: Settings, now: Timestamp) throws(BackfillError) {
        guard let since = arguments.since, let output = arguments.output else {
            throw .usage("backfill needs --since=DAY and --output=FILE")
        }
        let today = Day(containing: now.seconds)
        let end = (arguments.until?.advanced(by: 1)) ?? today
        guard end <= today else { throw .usage("--until: the day must be over, by UTC") }
        guard since < end else { throw .usage("--since: \(since) lies behind the last day, \(end.advanced(by: -1))") }
        for name in arguments.accounts where !settings.accounts.contains(where: { $0.name == name }) {
            throw .usage("--account: there is no account \(name.debugDescription)")
        }
        grid = SampleGrid(since..<end, every: arguments.sampleInterval.seconds)
        steps = arguments.steps
        labels = arguments.labels.reduce(Labels()) { $0.adding($1.name, $1.value) }
        self.output = output
        accounts = settings.accounts
            .filter { arguments.accounts.isEmpty || arguments.accounts.contains($0.name) }
            .sorted { $0.settings.account < $1.settings.account }
    }

    /// Where what was learned is kept until the output is written.
    var statePath: String { output + ".state" }

    /// Everything that the answers depend on, in one line.
    var title: String {
        let sources = accounts.map { account in
            let settings = account.settings
            let options = settings.options.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            return "\([account.name, settings.baseURL, settings.startDate ?? "-"] + options)"
        }
        return "backfill 1 \(grid.days.lowerBound) \(grid.days.upperBound) steps=\(steps) \(sources)"
    }
}

/// Why there is no past to be had, and what to do.
enum BackfillError: Error, CustomStringConvertible {
    /// The command line asks for no past that there can be.
    case usage(String)
    /// The state file holds answers to another question.
    case foreignState(String)
    /// A provider refused or failed.
    case failed(Account, APIError)
    /// Some campaigns' past is missing.
    case incomplete(campaigns: Int, APIError?)
    /// The process was asked to stop.
    case interrupted

    var description: String {
        switch self {
        case .usage(let reason): reason
        case .foreignState(let path):
            "\(path) belongs to a backfill of other days, accounts or steps: give the same flags to go on with it,"
                + " and --until with its last day if midnight has passed, or delete it"
        case .failed(let account, let failure):
            "\(account.name): \(failure.text); \(failure.advice). The same command goes on where this one stopped"
        case .incomplete(let campaigns, let failure):
            "\(campaigns) campaigns could not be asked about"
                + (failure.map { ", the first because of \($0.text)" } ?? "")
                + ": the same command asks for these alone"
        case .interrupted: "interrupted: the same command goes on where this one stopped"
        }
    }
}

/// What a backfill came to, and what to do with it.
struct BackfillSummary: Sendable, CustomStringConvertible {
    /// Series and samples written.
    let series, samples: Int
    /// Calls made by this run.
    let calls: Int
    /// Campaigns whose days did not add up.
    let corrected: Int
    /// What was wanted.
    let order: BackfillOptions

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
