// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// Keeps counters from falling by corrections: Prometheus would read every fall as a reset and count everything anew.
///
/// A fall by up to half is held at the last value shown until the provider catches up; a deeper fall is a true reset
/// and passes. What was shown is remembered per series, also while the series is absent.
struct CounterGuard: Sendable {
    /// How many falls were met for the first time.
    struct Corrections: Sendable, Hashable {
        /// Falls that are held.
        var held = 0
        /// Falls that were passed on.
        var reset = 0
    }

    /// How long an absent campaign or mailbox is remembered.
    private static let memory = Duration.seconds(30 * 24 * 3600)

    /// What was shown last.
    private(set) var marks: CounterMarks

    /// Goes on from what an earlier run showed.
    init(_ marks: CounterMarks = CounterMarks()) {
        self.marks = marks
    }

    /// The report as it may be shown, and the falls met for the first time.
    mutating func guarded(_ report: AccountReport, at wallTime: Timestamp) -> (AccountReport, Corrections) {
        var corrections = Corrections()
        let shown = AccountReport(
            account: report.account,
            campaigns: report.campaigns.map { guarded($0, at: wallTime, &corrections) },
            mailboxes: report.mailboxes.map { guarded($0, at: wallTime, &corrections) },
            domainChecks: report.domainChecks
        )
        marks.forget(unseenSince: Timestamp(seconds: wallTime.seconds - Self.memory / .seconds(1)))
        return (shown, corrections)
    }

    private mutating func guarded(
        _ campaign: Campaign,
        at wallTime: Timestamp,
        _ corrections: inout Corrections
    ) -> Campaign {
        var mark = marks.campaigns[campaign.id] ?? CounterMarks.CampaignMark(seen: wallTime)
        var measures = campaign.measures
        mark.seen = wallTime
        mark.measures.hold(&measures, CounterMarks.campaignCounters, &corrections)
        let steps = campaign.steps.map { step in
            var step = step
            mark.steps[step.key, default: .init()].hold(&step.measures, CounterMarks.stepCounters, &corrections)
            return step
        }
        marks.campaigns[campaign.id] = mark
        return Campaign(
            id: campaign.id,
            name: campaign.name,
            status: campaign.status,
            measures: measures,
            leadsByStatus: campaign.leadsByStatus,
            steps: steps
        )
    }

    private mutating func guarded(
        _ mailbox: Mailbox,
        at wallTime: Timestamp,
        _ corrections: inout Corrections
    ) -> Mailbox {
        var shown = mailbox
        var mark = marks.mailboxes[mailbox.address] ?? CounterMarks.MailboxMark(seen: wallTime)
        mark.seen = wallTime
        mark.measures.hold(&shown.measures, CounterMarks.mailboxCounters, &corrections)
        marks.mailboxes[mailbox.address] = mark
        return shown
    }
}
