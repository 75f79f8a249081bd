// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Outreach

/// The status page: the state of each account and its parts, the age of its data, and advice where it fails.
struct StatusPage {
    /// The moment that ages count from.
    let now: Timestamp
    let startedAt: Timestamp
    /// Series on the metrics page; `nil` as long as nobody has scraped it, and for a client that sees a part only.
    let series: Int?
    /// The path of the metrics page, relative to this page, like all links: a proxy may have put it below another path.
    let metricsPath: String
    /// Whether the data comes from the built-in simulator.
    let isDemo: Bool
    /// The accounts, in any order.
    let accounts: [AccountRow]

    /// The page as UTF-8.
    var bytes: [UInt8] { Array(document.description.utf8) }

    private var document: HTML {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="refresh" content="30">
        <title>\(summary) · outreach-exporter</title>
        <style>\(Stylesheet.css)</style>
        </head>
        <body>
        <header>
        <h1>outreach-exporter <small>\(Build.version)</small></h1>
        <nav><a href="\(metricsPath)">Metrics</a><a href="-/healthy">Healthy</a><a href="-/ready">Ready</a></nav>
        </header>
        \(isDemo ? demoNotice : "")
        <main>
        <p class="summary \(worst.css)">\(summary)</p>
        \(tiles)
        \(table)
        </main>
        <footer>Revision \(Build.revision) · Swift \(Build.swiftVersion) · running for \(now.since(startedAt).approximateText)</footer>
        </body>
        </html>

        """
    }

    private var demoNotice: HTML {
        """
        <p class="notice">These numbers come from the built-in simulator: no provider was asked.</p>
        """
    }

    private var worst: AccountRow.State {
        accounts.map(\.state).max() ?? .starting
    }

    /// One sentence that says whether somebody has to act.
    private var summary: String {
        let count = "\(accounts.count { $0.state == worst }) of \(accounts.count)"
        return switch worst {
        case _ where accounts.isEmpty: "No account is configured"
        case .down: "\(count) \(accounts.count == 1 ? "account" : "accounts") down"
        case .late: "\(count) accounts with old data"
        case .partial: "\(count) accounts up in part only"
        case .starting: "\(count) accounts not collected yet"
        case .up: accounts.count == 1 ? "The account is up" : "All \(accounts.count) accounts are up"
        }
    }

    private var tiles: HTML {
        """
        <dl class="tiles">
        <div><dt>Accounts</dt><dd>\(accounts.count)</dd></div>
        <div><dt>Campaigns</dt><dd>\(accounts.map(\.campaigns).reduce(0, +))</dd></div>
        \(series.map { "<div><dt>Series</dt><dd>\($0)</dd></div>" as HTML } ?? "")
        <div><dt>Oldest data</dt><dd>\(accounts.compactMap(\.age).max()?.approximateText ?? "–")</dd></div>
        </dl>
        """
    }

    private var table: HTML {
        """
        <table>
        <thead><tr><th>Account</th><th>Provider</th><th>State</th><th class="number">Campaigns</th>\
        <th class="number">Data age</th><th class="number">Next run</th></tr></thead>
        <tbody>
        \(HTML(sortedAccounts.map(\.markup)))
        </tbody>
        </table>
        """
    }

    /// Those that need somebody come first, then the order of the metrics page.
    private var sortedAccounts: [AccountRow] {
        accounts.sorted { ($1.state, $0.account) < ($0.state, $1.account) }
    }
}

/// An account as the status page shows it.
struct AccountRow {
    /// How the account does; the worse is the greater.
    enum State: Comparable {
        case up
        case starting
        /// The campaigns are collected, another part is not.
        case partial
        case late
        case down

        var css: String {
            switch self {
            case .up: "up"
            case .starting, .partial, .late: "wait"
            case .down: "down"
            }
        }

        /// The word people read.
        var word: String {
            switch self {
            case .up: "Up"
            case .starting: "Starting"
            case .partial: "In part"
            case .late: "Late"
            case .down: "Down"
            }
        }
    }

    let account: Account
    let state: State
    /// Campaigns whose data stands on the metrics page.
    let campaigns: Int
    /// How far a running cycle has come; `nil` between cycles.
    let progress: (done: Int, all: Int)?
    /// The time since the last success.
    let age: Duration?
    /// The time until the next cycle; `nil` while one runs.
    let nextRun: Duration?
    /// What went wrong and what to do about it.
    let problem: String?
    /// The parts that were requested, in the order of a collection.
    var parts: [PartRow] = []

    /// The row of the table, one with the parts, and one more for each problem.
    var markup: HTML {
        """
        <tr class="\(state.css)"><th scope="row">\(account.name)</th><td>\(account.provider)</td>\
        <td><span class="state">\(state.word)</span></td>\
        <td class="number" data-label="Campaigns">\(campaigns)</td>\
        <td class="number" data-label="Data age">\(age?.approximateText ?? "–")</td>\
        <td class="number" data-label="Next run">\(next)</td></tr>
        \(problem.map { "<tr class=\"problem \(state.css)\"><td colspan=\"6\">\($0)</td></tr>\n" as HTML } ?? "")\
        \(partList)\(HTML(parts.map(\.problemRow)))
        """
    }

    private var partList: HTML {
        guard !parts.isEmpty else { return "" }
        return "<tr class=\"parts\"><td colspan=\"6\"><ul>\(HTML(parts.map(\.item)))</ul></td></tr>\n"
    }

    private var next: String {
        if let progress, progress.all > 0 { return "now, \(progress.done) of \(progress.all) done" }
        guard let nextRun else { return "now" }
        return "in \(nextRun.approximateText)"
    }
}

extension Duration {
    /// The two largest units, as people say it: `2 h 5 min`.
    var approximateText: String {
        let seconds = max(0, Int(components.seconds))
        switch seconds {
        case ..<60: return "\(seconds) s"
        case ..<3600: return seconds % 60 == 0 ? "\(seconds / 60) min" : "\(seconds / 60) min \(seconds % 60) s"
        case ..<86_400: return "\(seconds / 3600) h \(seconds / 60 % 60) min"
        default: return "\(seconds / 86_400) d \(seconds / 3600 % 24) h"
        }
    }
}

extension AccountRow {
    init(_ status: AccountStatus, now: Timestamp) {
        self.init(
            account: status.account,
            state: State(status, now: now),
            campaigns: status.campaigns ?? 0,
            progress: status.isCollecting ? status.campaigns.map { (status.campaignsDone, $0) } : nil,
            age: status.lastSuccess.map { now.since($0) },
            nextRun: status.nextRun.map { $0.since(now) },
            problem: Self.problem(of: status),
            parts: DataPart.allCases.compactMap { part in
                status.parts[part].map { PartRow(part, $0, now: now) }
            }
        )
    }

    /// What failed the account, unless a part tells the same, with its endpoint.
    private static func problem(of status: AccountStatus) -> String? {
        guard let failure = status.lastFailure, !status.parts.values.contains(where: { $0.error?.text == failure })
        else { return nil }
        return [failure, status.advice].compactMap(\.self).joined(separator: ": ")
    }
}

extension AccountRow.State {
    /// An account whose last success is two intervals ago is late, whatever its last attempt says.
    fileprivate init(_ status: AccountStatus, now: Timestamp) {
        switch status.state {
        case .starting: self = .starting
        case .down: self = .down
        case .up:
            let age = status.lastSuccess.map { now.since($0) } ?? .zero
            let isWhole = status.parts.values.allSatisfy(\.isUp)
            self = age > status.interval * 2 ? .late : isWhole ? .up : .partial
        }
    }
}
