// SPDX-License-Identifier: Apache-2.0

internal import Providers
internal import Collection
internal import Exposition
internal import HTTPClient
internal import History
internal import Outreach

/// Asks the providers for the past, keeps every answer at once, and writes all of it when the last is there.
struct Backfill: Sendable {
    /// What is wanted.
    let order: BackfillOrder
    /// What carries the requests.
    let transport: any Transport
    /// The surroundings of the calls.
    let environment: CollectionEnvironment
    /// How far it is.
    let progress: BackfillProgress

    /// The longest that disks may take for the output.
    private static let patience = Duration.seconds(86_400)

    /// Runs to the end.
    ///
    /// - Throws: `BackfillError`, `StorageError`.
    func run() async throws -> BackfillSummary {
        let accounts = try await list()
        guard let spool = try await open(for: accounts) else { throw BackfillError.foreignState(order.statePath) }
        let gap = try await ask(accounts, spool)
        guard gap.campaigns == 0 else { throw BackfillError.incomplete(campaigns: gap.campaigns, gap.first) }
        let file = HistoryFile(order: order, accounts: accounts, spool: spool)
        let (series, samples) = try await FileThread.run(within: Self.patience, on: order.output) {
            () throws(StorageError) in try file.write()
        }
        spool.remove()
        return BackfillSummary(
            series: series,
            samples: samples,
            calls: progress.calls(),
            corrected: spool.index.correctedCount,
            order: order
        )
    }

    private func list() async throws(BackfillError) -> [BackfillAccount] {
        let limiters = order.accounts.compactMap { $0.plan(over: transport) }.limiters(environment.clock)
        var accounts: [BackfillAccount] = []
        for settings in order.accounts {
            let account = try await BackfillAccount(
                settings,
                steps: order.steps,
                limiters: limiters,
                over: transport,
                in: environment
            )
            if let account { accounts.append(account) }
        }
        return accounts
    }

    private func open(for accounts: [BackfillAccount]) async throws(StorageError) -> Spool? {
        let (path, title) = (order.statePath, order.title)
        let campaigns = accounts.flatMap { account in account.campaigns.map { account.labels(of: $0.id) } }
        return try await FileThread.run(within: Self.patience, on: path) { () throws(StorageError) in
            try Spool(path, title: title, campaigns: campaigns)
        }
    }

    /// Asks all accounts at the same time, each at the pace of its limiter.
    private func ask(_ accounts: [BackfillAccount], _ spool: Spool) async throws -> Gap {
        let days = order.grid.days
        let index = spool.index
        let errands = accounts.map { $0.errands(about: days, without: index) }
        let total = accounts.reduce(0) { $0 + $1.campaigns.count * $1.parts.count } * days.count
        let missing = errands.joined().reduce(0) { $0 + $1.weight }
        progress.begin(total: total, known: total - missing)
        return try await withThrowingTaskGroup(of: Gap.self) { group in
            for (account, errands) in zip(accounts, errands) {
                group.addTask { try await run(errands, of: account, into: spool) }
            }
            return try await group.reduce(into: Gap()) { $0.add($1) }
        }
    }

    /// Runs an account's errands, as many at once as it may have requests under way.
    private func run(_ errands: [BackfillAccount.Errand], of account: BackfillAccount, into spool: Spool) async throws
        -> Gap
    {
        try await withThrowingTaskGroup(of: Gap.self) { group in
            var waiting = errands.makeIterator()
            for _ in 0..<account.concurrency {
                if let errand = waiting.next() { group.addTask { try await run(errand, of: account, into: spool) } }
            }
            var gap = Gap()
            while let next = try await group.next() {
                gap.add(next)
                if let errand = waiting.next() { group.addTask { try await run(errand, of: account, into: spool) } }
            }
            return gap
        }
    }

    /// Runs an errand; a refused key ends everything, any other failure is the errand's own.
    private func run(_ errand: BackfillAccount.Errand, of account: BackfillAccount, into spool: Spool) async throws
        -> Gap
    {
        let pasts: [String: CampaignPast]
        do throws(CallFailure) {
            pasts = try await errand.part.pasts(of: errand.campaigns, errand.days) { progress.advance($0) }
        } catch {
            switch error {
            case .refused: throw BackfillError.failed(account.account, error)
            case .cancelled: throw BackfillError.interrupted
            default: return Gap(campaigns: errand.campaigns.count, first: error)
            }
        }
        let first = order.grid.days.lowerBound.distance(to: errand.days.lowerBound)
        for (campaign, past) in pasts.sorted(by: { $0.key < $1.key }) {
            let lines = past.spooled(part: errand.name, campaign: campaign, of: account.account, from: first)
            try await spool.append(lines)
        }
        return Gap(campaigns: errand.campaigns.count - pasts.count)
    }
}

/// Campaigns that could not be asked about.
private struct Gap: Sendable {
    var campaigns = 0
    var first: CallFailure?

    mutating func add(_ other: Gap) {
        campaigns += other.campaigns
        first = first ?? other.first
    }
}
