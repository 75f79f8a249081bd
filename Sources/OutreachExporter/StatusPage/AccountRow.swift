// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// An account as the status page shows it.
struct AccountRow {
    /// How the account does; the worse is the greater.
    enum State: Comparable {
        case up
        case starting
        case late
        case down

        /// The class of the style sheet.
        var css: String {
            switch self {
            case .up: "up"
            case .starting, .late: "wait"
            case .down: "down"
            }
        }

        /// The word people read.
        var word: String {
            switch self {
            case .up: "Up"
            case .starting: "Starting"
            case .late: "Late"
            case .down: "Down"
            }
        }
    }

    /// Which account.
    let account: Account
    /// How it does.
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

    /// The row of the table, and one more where there is a problem to tell.
    var markup: HTML {
        """
        <tr class="\(state.css)"><th scope="row">\(account.name)</th><td>\(account.provider)</td>        <td><span class="state">\(state.word)</span></td><td class="number">\(campaigns)</td>        <td class="number">\(age?.inWords ?? "–")</td><td class="number">\(next)</td></tr>
        \(problem.map { "<tr class=\"problem \(state.css)\"><td colspan=\"6\">\($0)</td></tr>\n" as HTML } ?? "")
        """
    }

    private var next: String {
        if let progress, progress.all > 0 { return "now, \(progress.done) of \(progress.all) done" }
        guard let nextRun else { return "now" }
        return "in \(nextRun.inWords)"
    }
}

extension AccountRow: Comparable {
    /// Those that need somebody come first, then the order of the metrics page.
    static func < (left: AccountRow, right: AccountRow) -> Bool {
        (right.state, left.account) < (left.state, right.account)
    }

    static func == (left: AccountRow, right: AccountRow) -> Bool {
        (left.state, left.account) == (right.state, right.account)
    }
}

extension Duration {
    /// The two largest units, as people say it: `2 h 5 min`.
    var inWords: String {
        let seconds = max(0, Int(components.seconds))
        switch seconds {
        case ..<60: return "\(seconds) s"
        case ..<3600: return seconds % 60 == 0 ? "\(seconds / 60) min" : "\(seconds / 60) min \(seconds % 60) s"
        case ..<86_400: return "\(seconds / 3600) h \(seconds / 60 % 60) min"
        default: return "\(seconds / 86_400) d \(seconds / 3600 % 24) h"
        }
    }
}
