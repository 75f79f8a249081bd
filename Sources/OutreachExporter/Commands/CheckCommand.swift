// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import WebConfig
internal import HTTPClient
internal import Outreach

/// Reads the configuration and, unless told otherwise, tests every key with one cheap request to each endpoint.
struct CheckCommand {
    let source: SettingsSource
    let webConfigFile: String?
    /// The file that binds the users of the web configuration to accounts.
    let accountsFile: String?
    /// Whether to call the providers.
    let triesKeys: Bool
    /// Receives warnings.
    let log: Log

    /// Runs and prints a table; returns the exit status.
    func run(until signals: AsyncStream<Signals.Request>) async -> Int32 {
        await withTaskGroup(of: Int32.self) { group in
            group.addTask { await check() }
            group.addTask {
                for await signal in signals where signal == .stop { break }
                return 1
            }
            defer { group.cancelAll() }
            return await group.next() ?? 1
        }
    }

    private func check() async -> Int32 {
        do {
            let settings = try settings()
            log.warnOfOpenKeys(in: settings?.keyFiles ?? [])
            try checkWebConfiguration(settings)
            guard triesKeys, let settings else {
                let count = settings?.accounts.count
                let accounts = count.map { "configuration is fine: \($0) \($0 == 1 ? "account" : "accounts")" }
                return Output.print("the \(accounts ?? "web configuration is fine")")
            }
            let transport = try CurlTransport(.outbound())
            let results = await results(of: settings.accounts, over: transport)
            await transport.shutdown()
            // What was cancelled says nothing about a key.
            guard !Task.isCancelled else {
                Output.diagnose("interrupted")
                return 1
            }
            return Output.print(Self.text(of: results), status: results.allSatisfy(\.isFine) ? 0 : 1)
        } catch {
            Output.diagnose("\(error)")
            return 1
        }
    }

    /// The settings; `nil` where there is no account, and a web configuration is to be checked alone.
    private func settings() throws -> Settings? {
        do throws(SettingsError) {
            return try source.load()
        } catch {
            guard case .nothingToCollect = error, !triesKeys, webConfigFile != nil else { throw error }
            return nil
        }
    }

    private func checkWebConfiguration(_ settings: Settings?) throws {
        guard let webConfigFile else { return }
        let access = AccessCheck(log)
        if let settings { access.follow(settings) }
        _ = try WebConfiguration(
            file: webConfigFile,
            accountsFile: accountsFile,
            checking: access,
            noting: ReloadState(at: .now),
            in: log
        )
    }

    /// Tests all keys concurrently; accounts that share a rate limit one after the other.
    private func results(of accounts: [ConfiguredAccount], over transport: any Transport) async -> [CheckResult] {
        // Where expressions are reported that reach their limit.
        let context = CollectionContext(
            clock: SystemClock(),
            totalRequests: ProcessSetup.providerConnections,
            observe: { log.write($0) }
        )
        return await withTaskGroup(of: [CheckResult].self) { group in
            for accounts in Dictionary(grouping: accounts, by: \.settings.rateLimitKey).values {
                let plans = accounts.map { $0.plan(over: transport) }
                group.addTask {
                    var results: [CheckResult] = []
                    for plan in plans { results.append(await Self.result(of: plan, in: context)) }
                    return results
                }
            }
            var all: [CheckResult] = []
            for await results in group { all += results }
            return all.sorted { $0.account < $1.account }
        }
    }

    private static func result(of plan: AccountPlan, in context: CollectionContext) async -> CheckResult {
        let source = plan.source(RequestGate())
        let parts = DataPart.required.filter { source.collects($0, with: plan.settings) }
        var result = CheckResult(account: plan.account, parts: parts, errors: await source.probe().errors)
        let selection = plan.settings.campaigns
        guard selection != CampaignSelection(), result.errors[.campaigns] == nil else { return result }
        do throws(APIError) {
            let campaigns = try await source.listing().content.map(\.campaign)
            let admitted = campaigns.count(where: CampaignFilter(selection, of: plan.account, in: context).admits)
            result.selected = (min(admitted, selection.limit), campaigns.count)
        } catch {
            result.errors[.campaigns] = [error]
        }
        return result
    }

    /// The results as a table with a line per account and a column per part; below, a line for each selection of
    /// campaigns and each error.
    static func text(of results: [CheckResult]) -> String {
        let head = ["ACCOUNT", "PROVIDER"] + DataPart.required.map { $0.rawValue.uppercased() }
        let rows = [head] + results.map(\.row)
        let widths = head.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let table = rows.map { row in
            zip(row, widths).map { cell, width in cell.padded(to: width) }.joined(separator: "  ").trimmed
        }
        let lines = results.compactMap(\.selectionLine) + results.flatMap(\.lines)
        return (table + (lines.isEmpty ? [] : [""]) + lines).joined(separator: "\n")
    }
}

/// The result of testing an account's key.
struct CheckResult: Sendable {
    let account: Account
    /// The parts that the configuration collects.
    let parts: [DataPart]
    /// Why a part cannot be collected, or not completely.
    var errors: [DataPart: [APIError]]
    /// How many campaigns the account's `campaigns` selects, and of how many; `nil` if it selects all of them.
    var selected: (count: Int, total: Int)?

    /// Whether every part can be collected.
    var isFine: Bool { errors.isEmpty }

    /// The cells of the table.
    fileprivate var row: [String] { [account.name, account.provider] + DataPart.required.map(word) }

    private func word(_ part: DataPart) -> String {
        guard parts.contains(part) else { return "-" }
        guard let errors = errors[part] else { return "ok" }
        return errors.contains(where: \.isRefusal) ? "refused" : "failed"
    }

    /// How many campaigns are collected.
    fileprivate var selectionLine: String? {
        selected.map { "\(account.name): campaigns selects \($0.count) of \($0.total)" }
    }

    /// What went wrong and what to do about it; the error of a part that another one needs is told there alone.
    fileprivate var lines: [String] {
        parts.flatMap { part in
            (errors[part] ?? []).filter { $0.part == part }.map { error in
                "\(account.name): \(part.rawValue): \(error.route ?? ""): \(error.text); \(error.advice)"
            }
        }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }

    /// The text without spaces at its end.
    fileprivate var trimmed: String {
        lastIndex { $0 != " " }.map { String(self[...$0]) } ?? ""
    }
}
