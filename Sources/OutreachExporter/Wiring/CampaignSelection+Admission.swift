// SPDX-License-Identifier: Apache-2.0

internal import Outreach

extension CampaignSelection {
    /// Whether a campaign is collected.
    ///
    /// A campaign whose name or status the listing does not tell is collected: nothing is dropped on a guess.
    func admits(_ campaign: Campaign) -> Bool {
        if let status = campaign.status, !statuses.isEmpty, !statuses.contains(status) { return false }
        guard let name = campaign.name else { return true }
        if !include.isEmpty, !include.contains(where: { name.matches($0) }) { return false }
        return !exclude.contains { name.matches($0) }
    }
}

extension String {
    /// Whether the expression, which the settings have checked, is found anywhere in the text.
    fileprivate func matches(_ expression: String) -> Bool {
        guard let regex = try? Regex(expression) else { return false }
        return firstMatch(of: regex) != nil
    }
}
