// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import WebConfig
internal import HTTPClient
internal import Outreach

/// Reads the configuration and, unless told otherwise, tests every endpoint that it uses with one cheap request each.
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
            return results.contains { !$0.failures.isEmpty } ? 1 : 0
        } catch {
            Output.diagnose("\(error)")
            return 1
        }
    }

    /// How the test of an account went.
    struct Result {
        let account: Account
        let probe: ProbeResults

        /// The parts that failed.
        var failures: [(part: DataPart, error: APIError)] {
            DataPart.allCases.compactMap { part in
                if case .failed(let error) = probe[part] { (part, error) } else { nil }
            }
        }
    }

    /// Tests all accounts concurrently.
    private static func results(of accounts: [ConfiguredAccount], over transport: any Transport) async -> [Result] {
        await withTaskGroup(of: Result.self) { group in
            for account in accounts {
                let plan = account.plan(over: transport)
                group.addTask { Result(account: plan.account, probe: await plan.source(RequestGate()).probe()) }
            }
            var results: [Result] = []
            for await result in group { results.append(result) }
            return results.sorted { $0.account < $1.account }
        }
    }

    /// The results as a table of accounts and parts, and a line with advice for each part that failed.
    static func table(_ results: [Result]) -> String {
        let parts = DataPart.allCases
        let head = ["ACCOUNT", "PROVIDER"] + parts.map { $0.rawValue.uppercased() }
        let rows = results.map { result in
            [result.account.name, result.account.provider] + parts.map { cell($0, of: result) }
        }
        let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
        let lines = ([head] + rows).map { row in
            let cells = zip(row, widths).map { cell, width in cell.padded(to: width) }.joined(separator: "  ")
            return String(cells.reversed().drop { $0 == " " }.reversed())
        }
        let problems = results.flatMap { result in
            result.failures.map { line(result.account, $0.part, $0.error) }
        }
        return (lines + (problems.isEmpty ? [] : [""]) + problems).joined(separator: "\n")
    }

    /// `-` for a part that the configuration or the provider does not have, `?` for one that could not be tested.
    private static func cell(_ part: DataPart, of result: Result) -> String {
        switch result.probe[part] {
        case nil: "-"
        case .untested: "?"
        case .ok: "ok"
        case .failed(let error): error.isRefusal ? "refused" : "failed"
        }
    }

    private static func line(_ account: Account, _ part: DataPart, _ error: APIError) -> String {
        let place = error.endpoint.map { " \($0)" } ?? ""
        return "\(account.name): \(part.rawValue):\(place): \(error.text); \(error.advice)"
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
