// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import WebConfig
internal import HTTPClient
internal import Outreach

/// Reads the configuration and, unless told otherwise, tries every key with one cheap call.
struct CheckCommand {
    /// The source of the settings.
    let source: SettingsSource
    /// The web configuration file.
    let webConfigFile: String?
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
                _ = try WebConfiguration(file: webConfigFile, noting: ReloadState(at: .now), in: log)
            }
            guard triesKeys else {
                let count = settings.accounts.count
                Output.print("the configuration is fine: \(count) \(count == 1 ? "account" : "accounts")")
                return 0
            }
            let transport = try CurlTransport(.init(userAgent: Build.userAgent))
            let results = await Self.results(of: settings.accounts, over: transport)
            await transport.shutdown()
            Output.print(Self.table(results))
            return results.contains { $0.failure != nil } ? 1 : 0
        } catch {
            Output.diagnose("\(error)")
            return 1
        }
    }

    /// The result of trying an account's key.
    struct Result {
        let account: Account
        let failure: APIError?
    }

    /// Tries all keys concurrently, each with one request.
    private static func results(of accounts: [ConfiguredAccount], over transport: any Transport) async -> [Result] {
        await withTaskGroup(of: Result.self) { group in
            for account in accounts {
                let plan = account.plan(over: transport)
                group.addTask { Result(account: plan.account, failure: await failure(of: plan)) }
            }
            var results: [Result] = []
            for await result in group { results.append(result) }
            return results.sorted { $0.account < $1.account }
        }
    }

    private static func failure(of plan: AccountPlan) async -> APIError? {
        do throws(APIError) {
            try await plan.source(RequestGate()).probe()
            return nil
        } catch {
            return error
        }
    }

    /// The results as a table: one line per account, with advice after each failure.
    static func table(_ results: [Result]) -> String {
        let rows = results.map { result in
            [
                result.account.name, result.account.provider,
                result.failure.map { "failed: \($0.text); \($0.advice)" } ?? "ok",
            ]
        }
        let head = ["ACCOUNT", "PROVIDER", "KEY"]
        let widths = (0..<2).map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
        return ([head] + rows).map { row in
            zip(row, widths).map { cell, width in cell.padded(to: width + 2) }.joined() + row[2]
        }
        .joined(separator: "\n")
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
