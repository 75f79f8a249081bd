// SPDX-License-Identifier: Apache-2.0

import Foundation
import Outreach
import Testing

@testable import Collection
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
            ([.partial, .up, .starting], "1 of 3 accounts up in part only"),
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

    @Test("the number of series is not there before it is known")
    func tiles() {
        #expect(text(of: page([row(state: .up)])).contains("<dt>Series</dt><dd>1234</dd>"))
        #expect(!text(of: page([row(state: .up)], series: nil)).contains("Series"))
    }

    @Test("numbers say what they are where a narrow window has no head of the table")
    func labels() {
        let html = text(of: page([row(state: .up)]))
        for cell in [#""Campaigns">12<"#, #""Data age">42 s<"#, #""Next run">in 4 min 18 s<"#] {
            #expect(html.contains("<td class=\"number\" data-label=\(cell)/td>"))
        }
        #expect(html.contains("td[data-label]::before{content:attr(data-label)"))
    }

    @Test("a problem stands below its account, escaped")
    func problem() {
        let html = text(of: page([row(state: .down, problem: "key <refused>")]))
        #expect(html.contains("<td colspan=\"6\">key &lt;refused&gt;</td>"))
    }

    @Test("each part of an account tells its state, the age of its last success, and what to do")
    func parts() {
        var parts: [DataPart: PartStatus] = [:]
        parts[.campaigns, default: PartStatus()].record(nil, isPartial: false, at: Timestamp(seconds: 960))
        parts[.details, default: PartStatus()].record(Self.late, isPartial: true, at: Timestamp(seconds: 970))
        for _ in 0..<2 {
            parts[.mailboxes, default: PartStatus()].record(Self.refusal, isPartial: false, at: Timestamp(seconds: 0))
        }
        parts[.domainChecks, default: PartStatus()].record(nil, isPartial: false, at: Timestamp(seconds: 400))
        parts[.domainChecks]?.record(Self.late, isPartial: false, at: Timestamp(seconds: 990))
        let row = AccountRow(status(.up, parts), now: Timestamp(seconds: 1000))
        #expect(row.state == .partial)
        let html = text(of: page([row]))
        for item in [
            #"<li class="up">campaigns <span class="state">up</span>, 40 s ago</li>"#,
            #"<li class="wait">details <span class="state">up in part</span>, last success 30 s ago</li>"#,
            #"<li class="down">mailboxes <span class="state">refused</span>, never succeeded</li>"#,
            #"<li class="down">domain checks <span class="state">failing</span>, last success 10 min ago</li>"#,
            "<td colspan=\"6\">details: no complete answer in time: nothing to do unless it lasts",
            "<td colspan=\"6\">mailboxes: /v1/mailboxes: refused to this key (HTTP 403): ask for &lt;scope&gt;</td>",
        ] { #expect(html.contains(item), "\(item) in \(html)") }
    }

    @Test("an account is up if its parts are, and tells a failure once, with its endpoint")
    func failure() {
        var part = PartStatus()
        part.record(Self.late, isPartial: true, at: Timestamp(seconds: 990))
        #expect(AccountRow(status(.up, [.details: part]), now: Timestamp(seconds: 1000)).state == .up)

        let refusal = APIError.refused(status: 401, advice: "renew").of("/v1/campaigns", for: .campaigns)
        part.record(refusal, isPartial: false, at: Timestamp(seconds: 995))
        var down = status(.down, [.campaigns: part])
        down.lastFailure = refusal.text
        down.advice = refusal.advice
        let html = text(of: page([AccountRow(down, now: Timestamp(seconds: 1000))]))
        #expect(html.contains(#"<span class="state">refused</span>, last success 10 s ago"#))
        #expect(html.contains("campaigns: /v1/campaigns: the key is refused (HTTP 401): renew"))
        #expect(html.components(separatedBy: "the key is refused").count == 2)
        down.parts = [:]
        #expect(AccountRow(down, now: Timestamp(seconds: 1000)).problem == "the key is refused (HTTP 401): renew")
    }

    private static let late = APIError.timedOut
    private static let refusal = APIError.refused(status: 403, advice: "ask for <scope>")
        .of("/v1/mailboxes", for: .mailboxes)

    private func status(_ state: AccountStatus.State, _ parts: [DataPart: PartStatus]) -> AccountStatus {
        var status = AccountStatus(account: Account(provider: "sendkit", name: "acme"), interval: .seconds(300))
        status.state = state
        status.lastSuccess = Timestamp(seconds: 960)
        status.parts = parts
        return status
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

    private func page(_ rows: [AccountRow], series: Int? = 1234, isDemo: Bool = false) -> StatusPage {
        StatusPage(
            now: Timestamp(seconds: 1000),
            startedAt: Timestamp(seconds: 0),
            series: series,
            metricsPath: "/metrics",
            isDemo: isDemo,
            accounts: rows
        )
    }

    private func text(of page: StatusPage) -> String {
        String(decoding: page.bytes, as: UTF8.self)
    }
}
