// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Exposition
internal import HTTPClient
internal import Backfill
internal import Outreach
internal import Providers

/// Requests the providers' past data, stores each answer in the journal, and writes the output after the last one.
struct BackfillRun: Sendable {
    let options: BackfillOptions
    let transport: any Transport
    /// Clock, records and observer of the requests.
    let environment: CollectionContext
    let progress: BackfillProgress
    let failures: BackfillFailures

    /// The time limit of writing the output or opening the journal.
    private static let timeout = Duration.seconds(86_400)

    /// Runs the backfill, without the campaigns and accounts that fail.
    ///
    /// The journal is kept unless everything was written.
    ///
    /// - Throws: `BackfillError`, `StorageError`.
    func run() async throws -> BackfillSummary {
        let accounts = try await list()
        guard !accounts.isEmpty || failures.isEmpty else { throw BackfillError.nothingWritten(failures.summary) }
        guard let journal = try await open(for: accounts) else { throw BackfillError.foreignState(options.statePath) }
        try await ask(accounts, journal)
        let incomplete = accounts.map { account in
            failures.contains(account.account)
                ? Set(account.campaigns.map(\.id)) : account.incompleteCampaigns(options.grid.days, journal.index)
        }
        guard failures.isEmpty || zip(accounts, incomplete).contains(where: { $0.campaigns.count > $1.count }) else {
            throw BackfillError.nothingWritten(failures.summary)
        }
        let file = OutputFile(options: options, accounts: accounts, incomplete: incomplete, journal: journal)
        let (series, samples) = try await FileThread.run(within: Self.timeout, on: options.output) {
            () throws(StorageError) in try file.write()
        }
        if failures.isEmpty { journal.remove() }
        return BackfillSummary(
            series: series,
            samples: samples,
            calls: progress.calls(),
            corrected: journal.index.correctedCount,
            omitted: failures.isEmpty ? nil : failures.summary,
            options: options
        )
    }

    private func list() async throws(BackfillError) -> [BackfillAccount] {
        let limiters = options.accounts.map { $0.plan(over: transport) }.limiters(environment.clock)
        var accounts: [BackfillAccount] = []
        for settings in options.accounts {
            do throws(APIError) {
                let account = try await BackfillAccount(
                    settings,
                    steps: options.steps,
                    limiters: limiters,
                    over: transport,
                    in: environment
                )
                if let account { accounts.append(account) }
            } catch {
                guard error != .cancelled else { throw .interrupted }
                failures.record(error, of: settings.settings.account)
            }
        }
        return accounts
    }

    private func open(for accounts: [BackfillAccount]) async throws(StorageError) -> Journal? {
        let (path, title) = (options.statePath, options.title)
        let campaigns = accounts.flatMap { account in account.campaigns.map { account.labels(of: $0.id) } }
        return try await FileThread.run(within: Self.timeout, on: path) { () throws(StorageError) in
            try Journal(path, title: title, campaigns: campaigns)
        }
    }

    /// Runs the tasks of all accounts concurrently, each account at the rate of its limiter.
    private func ask(_ accounts: [BackfillAccount], _ journal: Journal) async throws {
        let days = options.grid.days
        let index = journal.index
        let tasks = accounts.map { $0.tasks(about: days, without: index) }
        let total = accounts.reduce(0) { $0 + $1.campaigns.count * $1.parts.count } * days.count
        let missing = tasks.joined().reduce(0) { $0 + $1.weight }
        progress.begin(total: total, known: total - missing)
        _ = try await Array(zip(accounts, tasks)).concurrently { (account, tasks) async throws(any Error) in
            do {
                _ = try await tasks.concurrently(limit: account.concurrency) { task async throws(any Error) in
                    try await run(task, of: account, into: journal)
                }
            } catch let error as APIError {
                guard error != .cancelled else { throw BackfillError.interrupted }
                failures.record(error, of: account.account)
            }
        }
    }

    /// Runs a task without the campaigns that have failed in another one.
    private func run(_ task: BackfillAccount.BackfillTask, of account: BackfillAccount, into journal: Journal)
        async throws
    {
        let campaigns = task.campaigns.filter { !failures.contains($0, of: account.account) }
        guard !campaigns.isEmpty else { return }
        let results = try await task.part.histories(of: campaigns, over: task.days) { progress.advance($0) }
        let first = options.grid.days.lowerBound.distance(to: task.days.lowerBound)
        for (campaign, result) in results.sorted(by: { $0.key < $1.key }) {
            switch result {
            case .success(let history):
                let lines = history.journalLines(
                    part: task.name,
                    campaign: campaign,
                    of: account.account,
                    offset: first
                )
                try await journal.append(lines)
            case .failure(let error): failures.record(error, of: campaign, in: account.account)
            }
        }
    }
}
