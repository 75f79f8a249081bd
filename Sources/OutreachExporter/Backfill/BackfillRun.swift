// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Exposition
internal import HTTPClient
internal import Backfill
internal import Outreach
internal import Providers

/// Requests the providers' past data, stores each answer in the journal, and writes the output after the last one.
struct BackfillRun: Sendable {
    /// The options of the backfill.
    let options: BackfillOptions
    /// Carries the requests to the providers.
    let transport: any Transport
    /// Clock, records and observer of the requests.
    let environment: CollectionContext
    /// Receives the progress.
    let progress: BackfillProgress

    /// The time limit of writing the output or opening the journal.
    private static let timeout = Duration.seconds(86_400)

    /// Runs the backfill.
    ///
    /// - Throws: `BackfillError`, `StorageError`.
    func run() async throws -> BackfillSummary {
        let accounts = try await list()
        guard let journal = try await open(for: accounts) else { throw BackfillError.foreignState(options.statePath) }
        let missing = try await ask(accounts, journal)
        guard missing.campaigns == 0 else {
            throw BackfillError.incomplete(campaigns: missing.campaigns, missing.first)
        }
        let file = OutputFile(options: options, accounts: accounts, journal: journal)
        let (series, samples) = try await FileThread.run(within: Self.timeout, on: options.output) {
            () throws(StorageError) in try file.write()
        }
        journal.remove()
        return BackfillSummary(
            series: series,
            samples: samples,
            calls: progress.calls(),
            corrected: journal.index.correctedCount,
            options: options
        )
    }

    private func list() async throws(BackfillError) -> [BackfillAccount] {
        let limiters = options.accounts.map { $0.plan(over: transport) }.limiters(environment.clock)
        var accounts: [BackfillAccount] = []
        for settings in options.accounts {
            let account = try await BackfillAccount(
                settings,
                steps: options.steps,
                limiters: limiters,
                over: transport,
                in: environment
            )
            if let account { accounts.append(account) }
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
    private func ask(_ accounts: [BackfillAccount], _ journal: Journal) async throws -> MissingCampaigns {
        let days = options.grid.days
        let index = journal.index
        let tasks = accounts.map { $0.tasks(about: days, without: index) }
        let total = accounts.reduce(0) { $0 + $1.campaigns.count * $1.parts.count } * days.count
        let missing = tasks.joined().reduce(0) { $0 + $1.weight }
        progress.begin(total: total, known: total - missing)
        return try await withThrowingTaskGroup(of: MissingCampaigns.self) { group in
            for (account, tasks) in zip(accounts, tasks) {
                group.addTask { try await run(tasks, of: account, into: journal) }
            }
            return try await group.reduce(into: MissingCampaigns()) { $0.add($1) }
        }
    }

    /// Runs an account's tasks, at most `concurrency` of them at once.
    private func run(_ tasks: [BackfillAccount.BackfillTask], of account: BackfillAccount, into journal: Journal)
        async throws
        -> MissingCampaigns
    {
        try await withThrowingTaskGroup(of: MissingCampaigns.self) { group in
            var waiting = tasks.makeIterator()
            for _ in 0..<account.concurrency {
                if let task = waiting.next() { group.addTask { try await run(task, of: account, into: journal) } }
            }
            var missing = MissingCampaigns()
            while let next = try await group.next() {
                missing.add(next)
                if let task = waiting.next() { group.addTask { try await run(task, of: account, into: journal) } }
            }
            return missing
        }
    }

    /// Runs a task; a refused key ends the backfill, any other error only this task.
    private func run(_ task: BackfillAccount.BackfillTask, of account: BackfillAccount, into journal: Journal)
        async throws
        -> MissingCampaigns
    {
        let pasts: [String: CampaignHistory]
        do throws(APIError) {
            pasts = try await task.part.histories(of: task.campaigns, over: task.days) { progress.advance($0) }
        } catch {
            switch error.kind {
            case .refused: throw BackfillError.failed(account.account, error)
            case .cancelled: throw BackfillError.interrupted
            default: return MissingCampaigns(campaigns: task.campaigns.count, first: error)
            }
        }
        let first = options.grid.days.lowerBound.distance(to: task.days.lowerBound)
        for (campaign, past) in pasts.sorted(by: { $0.key < $1.key }) {
            let lines = past.journalLines(part: task.name, campaign: campaign, of: account.account, offset: first)
            try await journal.append(lines)
        }
        return MissingCampaigns(campaigns: task.campaigns.count - pasts.count)
    }
}

/// The campaigns without an answer, and the first error.
private struct MissingCampaigns: Sendable {
    var campaigns = 0
    var first: APIError?

    mutating func add(_ other: MissingCampaigns) {
        campaigns += other.campaigns
        first = first ?? other.first
    }
}

/// An account of a backfill: its campaigns, and the parts of its provider's history.
struct BackfillAccount: Sendable {
    /// The requests of one part about some campaigns and days.
    struct BackfillTask: Sendable {
        let part: HistoryPart
        let days: Range<Day>
        let campaigns: [String]

        /// The part and the first day, the key in the journal: `stats:2026-01-01`.
        var name: String { Self.name(part, days) }
        /// The number of campaign days, the unit of progress.
        var weight: Int { days.count * campaigns.count }

        fileprivate static func name(_ part: HistoryPart, _ days: Range<Day>) -> String {
            "\(part.name):\(days.lowerBound)"
        }
    }

    let account: Account
    /// The parts of its provider's history.
    let parts: [HistoryPart]
    /// The selected campaigns, in the order of the metrics page.
    let campaigns: [Campaign]
    /// The most tasks that run at once.
    let concurrency: Int

    /// Lists the campaigns of an account; `nil` where its provider has no past data.
    init?(
        _ settings: ConfiguredAccount,
        steps: Bool,
        limiters: [RateLimitKey: RateLimiter],
        over transport: any Transport,
        in environment: CollectionContext
    ) async throws(BackfillError) {
        let plan = settings.plan(over: transport)
        account = plan.account
        concurrency = plan.settings.concurrency
        guard let limiter = limiters[plan.settings.rateLimitKey] else { return nil }
        let gate = RequestGate(of: plan, limiter: limiter, in: environment)
        guard let history = settings.history(over: transport, gate: gate) else { return nil }
        parts = history.parts(steps: steps)
        do throws(APIError) {
            let filter = CampaignFilter(plan.settings.campaigns, of: plan.account, in: environment)
            let rows = try await plan.source(gate).listing().content.map(\.campaign).filter(filter.admits)
            campaigns = rows.prefix(plan.settings.campaigns.limit).sorted { $0.id < $1.id }
        } catch {
            throw .failed(account, error)
        }
    }

    /// The labels of a campaign.
    func labels(of campaign: String) -> Labels { CampaignHistory.labels(of: campaign, account) }

    /// The tasks for some days whose answers are not in the journal.
    func tasks(about days: Range<Day>, without index: JournalIndex) -> [BackfillTask] {
        parts.flatMap { part in
            part.spans(of: days).flatMap { span in
                let name = BackfillTask.name(part, span)
                let missing = campaigns.map(\.id).filter { !index.contains(name, of: labels(of: $0)) }
                return missing.batches(of: part.batch).map { BackfillTask(part: part, days: span, campaigns: $0) }
            }
        }
    }
}
