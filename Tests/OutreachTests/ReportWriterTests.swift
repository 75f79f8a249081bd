// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Outreach

@Suite struct ReportWriterTests {
    private let acme = Account(provider: "instantly", name: "acme")

    @Test("The numbers of a plan stand by what they say, and go together where the series are limited")
    func plan() {
        let report = AccountReport(
            account: acme,
            plan: [
                PlanQuantity(.used, of: "leads", 7), PlanQuantity(.limit, of: "leads", 10),
                PlanQuantity(.used, of: "credits", 1), PlanQuantity(.used, of: "leads", 8),
            ]
        )
        let account = #"provider="instantly",account="acme""#
        #expect(report.seriesCount == 3)
        #expect(
            samples(page([report])) == [
                #"outreach_account_plan_limit{\#(account),resource="leads"} 10"#,
                #"outreach_account_plan_used{\#(account),resource="credits"} 1"#,
                #"outreach_account_plan_used{\#(account),resource="leads"} 8"#,
            ]
        )
        #expect(ReportLimits(series: 2).applied(to: report).report.plan == [])
    }

    @Test("A report as samples, line by line")
    func golden() {
        let report = AccountReport(
            account: acme,
            campaigns: [
                Campaign(
                    id: "c2",
                    name: "Q1 \"north\"\n",
                    status: .runningSubsequences,
                    measures: .init([.leads: 120, .messagesSent: 300]),
                    leadsByStatus: ["replied": 3, "new": 2],
                    labels: ["priority", "Émile & Co", " ", "priority"],
                    steps: [
                        Step(key: .init(step: "2"), measures: .init([.messagesSent: 100])),
                        Step(
                            key: .init(step: "1", variant: "B"),
                            task: "t",
                            condition: "c",
                            measures: .init([.messagesSent: 200, .opens: 5])
                        ),
                    ]
                ),
                Campaign(id: "c1", measures: .init([.messagesSent: 7])),
            ],
            mailboxes: [
                Mailbox(
                    address: "me@x.com",
                    service: "google",
                    status: "active",
                    warmupStatus: "paused",
                    measures: .init([.healthRatio: 0.97]),
                    placements: ["spam": 1, "inbox": 9]
                ),
                Mailbox(address: "you@X.com"),
            ],
            domainChecks: [DomainCheck(domain: "x.com", check: "spf", passed: true)]
        )
        let account = #"provider="instantly",account="acme""#
        #expect(report.seriesCount == samples(page([report])).count)
        var still = report.campaigns[1]
        still.sending = SendingStatus("daily_limit_met", mailboxes: ["available": 2, "disconnected": 1])
        let other = AccountReport(account: acme, campaigns: [still])
        #expect(other.seriesCount == samples(page([other])).count)
        #expect(
            samples(page([other])).filter { $0.contains("sending_state") || $0.contains("mailboxes") } == [
                #"outreach_campaign_sending_state{\#(account),campaign="c2",state="daily_limit_met"} 1"#,
                #"outreach_campaign_mailboxes{\#(account),campaign="c2",availability="available"} 2"#,
                #"outreach_campaign_mailboxes{\#(account),campaign="c2",availability="disconnected"} 1"#,
            ]
        )
        #expect(
            samples(page([report]))
                == #"""
                outreach_campaign_info{ACCOUNT,campaign="c1",name="c1"} 1
                outreach_campaign_info{ACCOUNT,campaign="c2",name="Q1 \"north\"\n"} 1
                outreach_campaign_status{ACCOUNT,campaign="c2",status="running_subsequences"} 1
                outreach_campaign_leads{ACCOUNT,campaign="c2"} 120
                outreach_campaign_messages_sent_total{ACCOUNT,campaign="c1"} 7
                outreach_campaign_messages_sent_total{ACCOUNT,campaign="c2"} 300
                outreach_campaign_leads_by_status{ACCOUNT,campaign="c2",lead_status="new"} 2
                outreach_campaign_leads_by_status{ACCOUNT,campaign="c2",lead_status="replied"} 3
                outreach_campaign_label{ACCOUNT,campaign="c2",label="priority"} 1
                outreach_campaign_label{ACCOUNT,campaign="c2",label="Émile & Co"} 1
                outreach_step_info{ACCOUNT,campaign="c2",sequence="main",step="1",variant="B",channel="email",task="t",condition="c"} 1
                outreach_step_info{ACCOUNT,campaign="c2",sequence="main",step="2",variant="A",channel="email",task="",condition=""} 1
                outreach_step_messages_sent_total{ACCOUNT,campaign="c2",sequence="main",step="1",variant="B"} 200
                outreach_step_messages_sent_total{ACCOUNT,campaign="c2",sequence="main",step="2",variant="A"} 100
                outreach_step_opens_total{ACCOUNT,campaign="c2",sequence="main",step="1",variant="B"} 5
                outreach_mailbox_info{ACCOUNT,mailbox="me@x.com",mailbox_service="google",domain="x.com"} 1
                outreach_mailbox_info{ACCOUNT,mailbox="you@X.com",mailbox_service="unknown",domain="x.com"} 1
                outreach_mailbox_status{ACCOUNT,mailbox="me@x.com",status="active"} 1
                outreach_mailbox_warmup_status{ACCOUNT,mailbox="me@x.com",status="paused"} 1
                outreach_mailbox_health_ratio{ACCOUNT,mailbox="me@x.com"} 0.97
                outreach_mailbox_warmup_messages_landed{ACCOUNT,mailbox="me@x.com",placement="inbox"} 9
                outreach_mailbox_warmup_messages_landed{ACCOUNT,mailbox="me@x.com",placement="spam"} 1
                outreach_domain_check_passed{ACCOUNT,domain="x.com",check="spf"} 1
                """#
                .split(separator: "\n")
                .map {
                    $0.split(separator: "ACCOUNT", omittingEmptySubsequences: false).joined(separator: account)[...]
                }
        )
        #expect(report.seriesCount == samples(page([report])).count)
    }

    @Test("Accounts stand in their order, whatever the order of the reports; of two reports on one the last counts")
    func accounts() {
        let others = ["z", "b"].map {
            AccountReport(account: Account(provider: "lemlist", name: $0), campaigns: [Campaign(id: "1", name: $0)])
        }
        let reports = others + [AccountReport(account: acme, campaigns: [Campaign(id: "1", name: "old")])]
        let newer = AccountReport(account: acme, campaigns: [Campaign(id: "1", name: "new")])
        #expect(page(reports + [newer]) == page([newer] + others.reversed()))
        #expect(
            samples(page(reports + [newer])).compactMap { $0.split(separator: "name=").last } == [
                "\"new\"} 1", "\"b\"} 1", "\"z\"} 1",
            ]
        )
    }

    @Test("No reports, no page", arguments: [[], [AccountReport(account: Account(provider: "p", name: "a"))]])
    func empty(reports: [AccountReport]) {
        #expect(page(reports).isEmpty)
    }

    @Test("No series is there twice, however hostile the texts")
    func hostile() {
        let texts = [
            "", "a", "a\0", "a\u{FFFD}", "\"", "\\", "\n", "\\n", "\u{E9}", "e\u{301}", "a\",b=\"c", "…", "unknown",
            "A", "👩‍👩‍👧",
        ]
        for limit in [1, 3, 4, Int.max] {
            let limited = ReportLimits(labelValueLength: limit).applied(to: hostileReport(texts))
            let series = series(page([hostileReport([]), limited.report])).map { Array($0.utf8) }
            #expect(Set(series).count == series.count)
            #expect(series.count > 100)
        }
    }

    private func hostileReport(_ texts: [String]) -> AccountReport {
        let numbers = Dictionary(texts.map { ($0, 1.0) }, uniquingKeysWith: +)
        let steps = texts.flatMap { sequence in
            texts.map { Step(key: .init(sequence: sequence, step: $0), task: $0, measures: .init([.opens: 1])) }
        }
        return AccountReport(
            account: acme,
            campaigns: texts.map {
                Campaign(
                    id: $0,
                    name: $0,
                    status: .error,
                    measures: .init([.leads: 1]),
                    leadsByStatus: numbers,
                    labels: texts,
                    steps: steps
                )
            },
            mailboxes: texts.map {
                Mailbox(address: $0, service: $0, status: $0, warmupStatus: $0, placements: numbers)
            },
            domainChecks: texts.flatMap { domain in
                texts.map { DomainCheck(domain: domain, check: $0, passed: true) }
            }
        )
    }

    @Test("Every campaign has its info series: the id stands in for a name", arguments: [nil, "", " \u{3000}\n"])
    func nameless(name: String?) {
        let report = AccountReport(account: acme, campaigns: [Campaign(id: "c1", name: name)])
        #expect(
            samples(page([report]))
                == [#"outreach_campaign_info{provider="instantly",account="acme",campaign="c1",name="c1"} 1"#]
        )
        #expect(report.seriesCount == 1)
    }
}
