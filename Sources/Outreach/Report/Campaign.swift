// SPDX-License-Identifier: Apache-2.0

internal import Exposition

/// A campaign with every number its provider reports for it.
package struct Campaign: Sendable, Hashable, Codable {
    /// The provider's stable id: the `campaign` label.
    package let id: String
    /// The name people gave it.
    package var name: String?
    /// Where it stands; `nil` where the provider said nothing.
    package var status: CampaignStatus?
    /// Its totals and gauges.
    package var measures: Measures<CampaignMeasure>
    /// Leads by the provider's own lead status, an open set of keys.
    package var leadsByStatus: [String: Double]
    /// Its steps, unique by key, in the order of their keys.
    package private(set) var steps: [Step] = []

    /// Describes a campaign; rows of `steps` that share a key are summed.
    package init(
        id: String,
        name: String? = nil,
        status: CampaignStatus? = nil,
        measures: Measures<CampaignMeasure> = .init(),
        leadsByStatus: [String: Double] = [:],
        steps: [Step] = []
    ) {
        self.id = id.labelValue
        self.name = name
        self.status = status
        self.measures = measures
        self.leadsByStatus = leadsByStatus
        self.steps = Step.unique(steps)
    }

    /// This campaign with its own numbers alone.
    var withoutSteps: Campaign {
        var campaign = self
        campaign.steps = []
        return campaign
    }

    /// This listing row completed by what a detail call said: its values win, its steps replace these.
    package func completed(by detail: Campaign) -> Campaign {
        var whole = self
        whole.name = detail.name ?? name
        whole.status = detail.status ?? status
        whole.measures.merge(detail.measures)
        whole.leadsByStatus.merge(detail.leadsByStatus) { _, new in new }
        if !detail.steps.isEmpty { whole.steps = detail.steps }
        return whole
    }
}
