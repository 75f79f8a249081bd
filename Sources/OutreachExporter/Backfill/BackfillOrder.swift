// SPDX-License-Identifier: Apache-2.0

internal import Providers
internal import Exposition
internal import History
internal import Outreach

/// What past is wanted, checked.
struct BackfillOrder: Sendable {
    /// When the samples lie.
    let grid: SampleGrid
    /// Whether the totals of steps are wanted.
    let steps: Bool
    /// Labels that the scrape adds.
    let labels: Labels
    /// The file to write.
    let output: String
    /// The accounts to ask, in the order of the page.
    let accounts: [AccountSettings]

    /// Checks what the command line says about the accounts that there are.
    ///
    /// - Throws: `BackfillError.usage`.
    init(_ arguments: HistoryArguments, _ settings: Settings, now: Timestamp) throws(BackfillError) {
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
        grid = SampleGrid(since..<end, every: arguments.spacing.seconds)
        steps = arguments.steps
        labels = arguments.labels.reduce(Labels()) { $0.adding($1.name, $1.value) }
        self.output = output
        accounts = settings.accounts
            .filter { arguments.accounts.isEmpty || arguments.accounts.contains($0.name) }
            .sorted { $0.source.account < $1.source.account }
    }

    /// Where what was learned is kept until the output is written.
    var statePath: String { output + ".state" }

    /// Everything that the answers depend on, in one line.
    var title: String {
        let sources = accounts.map { account in
            let options = account.source.options.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            return "\([account.name, account.source.baseURL, account.source.startDate ?? "-"] + options)"
        }
        return "backfill 1 \(grid.days.lowerBound) \(grid.days.upperBound) steps=\(steps) \(sources)"
    }
}
