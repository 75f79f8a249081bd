// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Outreach

@Suite struct ReportLimitsTests {
    @Test("What fits is left alone")
    func fits() {
        let limited = ReportLimits(series: report.seriesCount, labelValueLength: 100).applied(to: report)
        #expect(limited.report == report)
        #expect((limited.droppedSeries, limited.shortenedLabels) == (0, 0))
    }

    @Test("No limit is ever exceeded, everything dropped is counted, and what goes goes as a whole", arguments: 0...40)
    func series(limit: Int) {
        let limited = ReportLimits(series: limit).applied(to: report)
        let kept = limited.report
        #expect(kept.seriesCount <= limit)
        #expect(samples(page([kept])).count == kept.seriesCount)
        #expect(kept.seriesCount + limited.droppedSeries == report.seriesCount)
        for campaign in kept.campaigns {
            #expect(report.campaigns.contains { $0 == campaign || $0.withoutSteps == campaign })
        }
        #expect(kept.mailboxes.allSatisfy { report.mailboxes.contains($0) })
    }

    @Test("Steps go first and from the end, then mailboxes, domain checks and campaigns")
    func order() {
        #expect(report.seriesCount == 26)
        let shapes = [26, 25, 19, 13, 8, 7, 6, 5, 2, 1].map { limit in
            let kept = ReportLimits(series: limit).applied(to: report).report
            let campaigns = kept.campaigns.map { "\($0.id)\($0.steps.count)" }.joined(separator: " ")
            return "\(limit): \(campaigns), \(kept.domainChecks.count), \(kept.mailboxes.count)"
        }
        #expect(
            shapes == [
                "26: a2 b2 c2, 1, 1", "25: a2 b2 c0, 1, 1", "19: a2 b0 c0, 1, 1", "13: a0 b0 c0, 1, 1",
                "8: a0 b0 c0, 1, 1", "7: a0 b0 c0, 1, 0", "6: a0 b0 c0, 0, 0", "5: a0 b0, 0, 0", "2: a0, 0, 0",
                "1: , 0, 0",
            ]
        )
    }

    @Test(
        "Texts are cut after a whole character and end in an ellipsis",
        arguments: [
            ("abcdef", 6, "abcdef"), ("abcdef", 5, "ab…"), ("abcdef", 3, "…"), ("abcdef", 2, "ab"), ("abcdef", 0, ""),
            ("abcdefghijklmnopqrstuvwxyz0123456789", 32, "abcdefghijklmnopqrstu…254dbc0d"), ("äöüäöü", 8, "äö…"),
            ("👩‍👩‍👧👩‍👩‍👧", 25, "👩‍👩‍👧…"), ("a👩‍👩‍👧", 10, "a…"),
            ("e\u{301}\u{301}\u{301}\u{301}", 7, "e\u{301}…"),
        ]
    )
    func cut(text: String, limit: Int, short: String) {
        #expect(text.utf8.count <= limit ? text == short : text.shortened(to: limit) == short)
        #expect(text.shortened(to: limit).utf8.count <= limit)
    }

    @Test("Ids that begin alike stay distinct when they are shortened", arguments: [32, 100, 512])
    func distinct(limit: Int) {
        let ids = ["a", "b"].map { String(repeating: "x", count: 100_000) + $0 }
        let report = AccountReport(
            account: Account(provider: "p", name: "a"),
            campaigns: ids.map { Campaign(id: $0, measures: .init([.opens: 1])) }
        )
        let limited = ReportLimits(labelValueLength: limit).applied(to: report).report
        #expect(limited.campaigns.count == 2)
        #expect(limited.campaigns.allSatisfy { $0.id.utf8.count <= limit && $0.id.hasPrefix("xxxx") })
    }

    @Test("Every text that becomes a label is shortened and counted; what becomes one and the same is merged")
    func shorten() {
        let long = String(repeating: "x", count: 20)
        let report = AccountReport(
            account: Account(provider: "p", name: "account-with-a-long-name"),
            campaigns: [
                Campaign(
                    id: long,
                    name: long,
                    leadsByStatus: [long + "1": 1, long + "2": 2],
                    labels: [long + "1", long + "2"],
                    steps: ["1", "2"].map {
                        Step(
                            key: .init(sequence: long, step: long + $0, variant: long),
                            channel: long,
                            task: long,
                            condition: long,
                            measures: .init([.opens: 2])
                        )
                    }
                )
            ],
            mailboxes: [Mailbox(address: long, service: long, status: long, warmupStatus: long, placements: [long: 1])],
            domainChecks: [DomainCheck(domain: long, check: long, passed: true)]
        )
        let limited = ReportLimits(labelValueLength: 8).applied(to: report)
        #expect(limited.shortenedLabels == 2 + 2 + 2 + 2 * 6 + 5 + 2)
        #expect(limited.report.campaigns.first?.leadsByStatus == ["xxxxx…": 3])
        #expect(limited.report.campaigns.first?.labels == ["xxxxx…"])
        #expect(limited.report.campaigns.first?.steps.map(\.measures) == [.init([.opens: 4])])
        #expect(!page([limited.report]).contains("xxxxxx"))
        #expect(page([limited.report]).contains("account-with-a-long-name"))
    }

    @Test("Of more than 20 labels of a campaign the first ones are kept, each once")
    func labels() {
        let labels = (10..<40).map { "l\($0)" }
        let campaign = Campaign(id: "c", labels: labels.reversed() + labels)
        #expect(campaign.labels == Array(labels.prefix(20)))
        #expect(campaign.labelled([""]).labels == nil)
    }

    /// Three campaigns of 2 series with two steps of 3 series each, a mailbox of 1 and a check.
    private var report: AccountReport {
        AccountReport(
            account: Account(provider: "p", name: "a"),
            campaigns: ["a", "b", "c"].map { id in
                Campaign(
                    id: id,
                    name: id,
                    status: .active,
                    steps: ["1", "2"].map { Step(key: .init(step: $0), measures: .init([.opens: 1, .clicks: 1])) }
                )
            },
            mailboxes: [Mailbox(address: "m", service: "google")],
            domainChecks: [DomainCheck(domain: "d", check: "mx", passed: true)]
        )
    }
}
