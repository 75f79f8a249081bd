// SPDX-License-Identifier: Apache-2.0

internal import Exposition
package import Outreach

/// What was counted of a campaign until the end of a day: its counters alone, for nothing else has a known past.
package struct Totals: Sendable, Hashable {
    /// The campaign's counters.
    package let measures: Measures<CampaignMeasure>
    /// Its steps with their counters.
    package let steps: [Step]

    /// Takes the counters out of what a provider said about a campaign.
    package init(_ campaign: Campaign) {
        measures = campaign.measures.counters
        steps = campaign.steps
    }

    /// Counters of a campaign without steps.
    package init(_ measures: Measures<CampaignMeasure> = Measures()) {
        self.measures = measures.counters
        steps = []
    }
}

extension Measures {
    /// The values of some measures.
    package func filtered(_ isWanted: (Measure) -> Bool) -> Measures {
        Measure.allCases.reduce(into: Measures()) { wanted, measure in
            if isWanted(measure) { wanted[measure] = self[measure] }
        }
    }

    fileprivate var counters: Measures { filtered { $0.family.type == .counter } }
}
