// SPDX-License-Identifier: Apache-2.0

package import Outreach
internal import RegularExpressions
internal import Synchronization

/// Decides which campaigns of an account are collected, the limit apart.
package final class CampaignFilter: Sendable {
    private let selection: CampaignSelection
    private let account: Account
    private let context: CollectionContext
    private let reported = Mutex<Set<RegularExpression>>([])

    /// Creates a filter; expressions that reach their limit on a name are reported in the context, each once.
    package init(_ selection: CampaignSelection, of account: Account, in context: CollectionContext) {
        self.selection = selection
        self.account = account
        self.context = context
    }

    /// Whether a campaign is collected.
    ///
    /// What is not known does not exclude a campaign: neither a missing name or status, nor an expression that reaches its
    /// limit.
    package func admits(_ campaign: Campaign) -> Bool {
        let (include, exclude, statuses) = (selection.include, selection.exclude, selection.statuses)
        if let status = campaign.status, !statuses.isEmpty, !statuses.contains(status) { return false }
        guard let name = campaign.name else { return true }
        if !include.isEmpty, !include.contains(where: { matches($0, name) ?? true }) { return false }
        return !exclude.contains { matches($0, name) ?? false }
    }

    private func matches(_ expression: RegularExpression, _ name: String) -> Bool? {
        let result = expression.matches(name)
        if result == nil, reported.withLock({ $0.insert(expression).inserted }) {
            context.report(account, .expressionUndecided("\(expression)"))
        }
        return result
    }
}

/// The rows of a listing that the configuration selects, split at the campaign limit.
struct ListingSelection: Sendable {
    let kept: [ListedCampaign]
    let dropped: [ListedCampaign]
    /// The number of rows whose id is too long to be a label.
    let unidentifiable: Int

    /// The maximum length of a campaign's id in UTF-8 bytes; those of the providers have 24 to 36.
    static let maxIdentifierLength = 256

    /// Selects rows; known campaigns come first, so that the choice does not change with the order of the listing.
    init(_ rows: [ListedCampaign], limit: Int, isKnown: (String) -> Bool, selects: (Campaign) -> Bool) {
        let identified = rows.filter { $0.campaign.id.utf8.count <= Self.maxIdentifierLength }
        unidentifiable = rows.count - identified.count
        let selected = identified.filter { selects($0.campaign) }
        guard selected.count > limit else {
            kept = selected
            dropped = []
            return
        }
        let ranked = selected.filter { isKnown($0.campaign.id) } + selected.filter { !isKnown($0.campaign.id) }
        kept = Array(ranked.prefix(limit))
        dropped = Array(ranked.dropFirst(limit))
    }

    /// The series that the listing alone would give the dropped campaigns.
    var droppedSeries: Int { dropped.reduce(0) { $0 + $1.campaign.ownSeriesCount } }
}
