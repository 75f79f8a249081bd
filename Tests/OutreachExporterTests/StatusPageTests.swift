// SPDX-License-Identifier: Apache-2.0

import Foundation
import Outreach
import Testing

@testable import OutreachExporter

@Suite struct StatusPageTests {
    @Test(
        "the summary names the worst first",
        arguments: [
            ([AccountRow.State](), "No account is configured"),
            ([.up], "The account is up"),
            ([.up, .up], "All 2 accounts are up"),
            ([.up, .starting], "1 of 2 accounts not collected yet"),
            ([.late, .up, .starting], "1 of 3 accounts with old data"),
            ([.late, .down, .up], "1 of 3 accounts down"),
            ([.down], "1 of 1 account down"),
        ]
    )
    func summary(states: [AccountRow.State], sentence: String) {
        #expect(text(of: page(states.map { row(state: $0) })).contains("\">\(sentence)</p>"))
    }

    @Test("accounts that need somebody come first")
    func order() throws {
        let html = text(of: page([row("a", state: .up), row("b", state: .down), row("c", state: .late)]))
        let names = ["b", "c", "a"].compactMap { html.range(of: "<th scope=\"row\">\($0)</th>")?.lowerBound }
        #expect(names.count == 3)
        #expect(names == names.sorted())
    }

    @Test("a problem stands below its account, escaped")
    func problem() {
        let html = text(of: page([row(state: .down, problem: "key <refused>")]))
        #expect(html.contains("<td colspan=\"6\">key &lt;refused&gt;</td>"))
    }

    @Test("a running cycle tells how far it has come")
    func progress() {
        #expect(text(of: page([row(state: .up, progress: (3, 12))])).contains("now, 3 of 12 done"))
    }

    @Test("only the demo says that nobody was asked")
    func notice() {
        #expect(text(of: page([], isDemo: true)).contains("built-in simulator"))
        #expect(!text(of: page([])).contains("built-in simulator"))
    }

    private func row(
        _ name: String = "acme",
        state: AccountRow.State,
        progress: (Int, Int)? = nil,
        problem: String? = nil
    ) -> AccountRow {
        AccountRow(
            account: Account(provider: "instantly", name: name),
            state: state,
            campaigns: 12,
            progress: progress.map { (done: $0.0, all: $0.1) },
            age: .seconds(42),
            nextRun: .seconds(258),
            problem: problem
        )
    }

    private func page(_ rows: [AccountRow], isDemo: Bool = false) -> StatusPage {
        StatusPage(
            now: Timestamp(seconds: 1000),
            startedAt: Timestamp(seconds: 0),
            series: 1234,
            metricsPath: "/metrics",
            isDemo: isDemo,
            accounts: rows
        )
    }

    private func text(of page: StatusPage) -> String {
        String(decoding: page.bytes, as: UTF8.self)
    }
}
