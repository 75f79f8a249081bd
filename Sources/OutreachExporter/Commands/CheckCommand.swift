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
            let settings = try source.load()
            log.warnOfOpenKeys(in: settings.keyFiles)
            if let webConfigFile {
                let access = AccessCheck(log)
                access.follow(settings)
                _ = try WebConfiguration(
                    file: webConfigFile,
                    accountsFile: accountsFile,
                    checking: access,
                    noting: ReloadState(at: .now),
                    in: log
                )
            }
            guard triesKeys else {
                let count = settings.accounts.count
                Output.print("the configuration is fine: \(count) \(count == 1 ? "account" : "accounts")")
                return 0
            }
            let transport = try CurlTransport(.outbound())
            let results = await Self.results(of: settings.accounts, over: transport)
            await transport.shutdown()
            Output.print(Self.text(of: results))
            return results.allSatisfy(\.isFine) ? 0 : 1
        } catch {
            Output.diagnose("\(error)")
            return 1
        }
    }

    /// Tests all keys concurrently; accounts that share a rate limit one after the other.
    private static func results(of accounts: [ConfiguredAccount], over transport: any Transport) async -> [CheckResult]
    {
        await withTaskGroup(of: [CheckResult].self) { group in
            for accounts in Dictionary(grouping: accounts, by: \.settings.rateLimitKey).values {
                let plans = accounts.map { $0.plan(over: transport) }
                group.addTask {
                    var results: [CheckResult] = []
                    for plan in plans { results.append(await result(of: plan)) }
                    return results
                }
            }
            var all: [CheckResult] = []
            for await results in group { all += results }
            return all.sorted { $0.account < $1.account }
        }
    }

    private static func result(of plan: AccountPlan) async -> CheckResult {
        let source = plan.source(RequestGate())
        let parts = DataPart.required.filter { source.collects($0, with: plan.settings) }
        return CheckResult(account: plan.account, parts: parts, errors: await source.probe().errors)
    }

    /// The results as a table with a line per account and a column per part, and a line for each error below.
    static func text(of results: [CheckResult]) -> String {
        let head = ["ACCOUNT", "PROVIDER"] + DataPart.required.map { $0.rawValue.uppercased() }
        let rows = [head] + results.map(\.row)
        let widths = head.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let table = rows.map { row in
            zip(row, widths).map { cell, width in cell.padded(to: width) }.joined(separator: "  ").trimmed
        }
        let errors = results.flatMap(\.lines)
        return (table + (errors.isEmpty ? [] : [""]) + errors).joined(separator: "\n")
    }
}

/// The result of testing an account's key.
struct CheckResult: Sendable {
    let account: Account
    /// The parts that the configuration collects.
    let parts: [DataPart]
    /// Why a part cannot be collected, or not completely.
    let errors: [DataPart: [APIError]]

    /// Whether every part can be collected.
    var isFine: Bool { errors.isEmpty }

    /// The cells of the table.
    fileprivate var row: [String] { [account.name, account.provider] + DataPart.required.map(word) }

    private func word(_ part: DataPart) -> String {
        guard parts.contains(part) else { return "-" }
        guard let errors = errors[part] else { return "ok" }
        return errors.contains(where: \.isRefusal) ? "refused" : "failed"
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
