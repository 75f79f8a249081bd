// SPDX-License-Identifier: Apache-2.0

package import Exposition
internal import Outreach

/// The families that a past can have, in the order of the page; the spool names them by their number.
package enum HistoryFamilies {
    /// All of them.
    package static let all: [Family] =
        [Catalogue.campaignInfo] + CampaignMeasure.allCases.map(\.family) + [Catalogue.stepInfo]
        + StepMeasure.allCases.map(\.family)

    /// Names of campaigns.
    package static let campaignInfo = 0
    /// What a step is.
    static let stepInfo = 1 + CampaignMeasure.allCases.count

    /// The family of a campaign's or a step's total.
    static func number(of key: CampaignPast.Key) -> Int {
        switch key {
        case .campaign(let measure): 1 + Int(measure.rawValue)
        case .step(_, let measure): stepInfo + 1 + Int(measure.rawValue)
        }
    }
}
