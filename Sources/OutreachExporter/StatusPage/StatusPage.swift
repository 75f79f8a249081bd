// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// What an operator wants to see first: which accounts deliver, how old their data is, and what to do about the rest.
struct StatusPage {
    /// The moment that ages count from.
    let now: Timestamp
    /// When the process started.
    let startedAt: Timestamp
    /// Series on the metrics page; `nil` as long as nobody has scraped it.
    let series: Int?
    /// Where the metrics are.
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
        <nav><a href="\(metricsPath)">Metrics</a><a href="/-/healthy">Healthy</a><a href="/-/ready">Ready</a></nav>
        </header>
        \(isDemo ? demoNotice : "")
        <main>
        <p class="summary \(worst.css)">\(summary)</p>
        \(tiles)
        \(table)
        </main>
        <footer>Revision \(Build.revision) · Swift \(Build.swiftVersion) · running for \(now.since(startedAt).inWords)</footer>
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
        let down = accounts.filter { $0.state == .down }.count
        let late = accounts.filter { $0.state == .late }.count
        let starting = accounts.filter { $0.state == .starting }.count
        if accounts.isEmpty { return "No account is configured" }
        if down > 0 { return "\(down) of \(accounts.count) \(accounts.count == 1 ? "account" : "accounts") down" }
        if late > 0 { return "\(late) of \(accounts.count) accounts with old data" }
        if starting > 0 { return "\(starting) of \(accounts.count) accounts not collected yet" }
        return accounts.count == 1 ? "The account is up" : "All \(accounts.count) accounts are up"
    }

    private var tiles: HTML {
        """
        <dl class="tiles">
        <div><dt>Accounts</dt><dd>\(accounts.count)</dd></div>
        <div><dt>Campaigns</dt><dd>\(accounts.map(\.campaigns).reduce(0, +))</dd></div>
        <div><dt>Series</dt><dd>\(series.map(String.init) ?? "–")</dd></div>
        <div><dt>Oldest data</dt><dd>\(accounts.compactMap(\.age).max()?.inWords ?? "–")</dd></div>
        </dl>
        """
    }

    private var table: HTML {
        """
        <table>
        <thead><tr><th>Account</th><th>Provider</th><th>State</th><th class="number">Campaigns</th>        <th class="number">Data age</th><th class="number">Next run</th></tr></thead>
        <tbody>
        \(HTML(accounts.sorted().map(\.markup)))
        </tbody>
        </table>
        """
    }
}
