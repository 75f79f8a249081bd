// SPDX-License-Identifier: Apache-2.0

/// Room for so many series, given to things as a whole and in the order of their worth: campaigns, domain checks,
/// mailboxes, then the steps of the campaigns.
///
/// The first thing that does not fit ends it: what is on the page then does not depend on the size of what is not.
struct SeriesBudget {
    private var room: Int

    /// Room for a number of series.
    init(_ series: Int) {
        room = series
    }

    /// The part of a report that there is room for.
    func keep(_ report: AccountReport) -> AccountReport {
        guard report.seriesCount > room else { return report }
        var budget = self
        let campaigns = report.campaigns.prefix { budget.admit($0.ownSeriesCount) }
        let checks = report.domainChecks.prefix { _ in budget.admit(1) }
        let mailboxes = report.mailboxes.prefix { budget.admit($0.seriesCount) }
        return AccountReport(
            account: report.account,
            campaigns: campaigns.map { budget.admit($0.stepSeriesCount) ? $0 : $0.withoutSteps },
            mailboxes: Array(mailboxes),
            domainChecks: Array(checks)
        )
    }

    private mutating func admit(_ series: Int) -> Bool {
        let fits = series <= room
        room = fits ? room - series : 0
        return fits
    }
}

extension AccountReport {
    /// The series that this report makes on the page.
    package var seriesCount: Int {
        campaigns.reduce(0) { $0 + $1.ownSeriesCount + $1.stepSeriesCount }
            + mailboxes.reduce(0) { $0 + $1.seriesCount } + domainChecks.count
    }
}

extension Campaign {
    fileprivate var ownSeriesCount: Int {
        (name == nil ? 0 : 1) + (status == nil ? 0 : 1) + measures.count + leadsByStatus.count
    }

    fileprivate var stepSeriesCount: Int { steps.reduce(0) { $0 + 1 + $1.measures.count } }
}

extension Mailbox {
    fileprivate var seriesCount: Int {
        [service, status, warmupStatus].count { $0 != nil } + measures.count + placements.count
    }
}
