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

/// Where a campaign stands, in words common to all providers; the raw value is the `status` label.
package enum CampaignStatus: String, Sendable, Hashable, Codable, CaseIterable {
    case draft
    case active
    case paused
    case completed
    case archived
    case runningSubsequences = "running_subsequences"
    case accountSuspended = "account_suspended"
    case accountsUnhealthy = "accounts_unhealthy"
    case bounceProtect = "bounce_protect"
    case error
    /// A code that this version does not know.
    case unknown
}

/// One variant of one step of a campaign.
package struct Step: Sendable, Hashable, Codable {
    /// What tells it from the campaign's other steps.
    package struct Key: Sendable, Hashable, Codable, Comparable {
        /// `main`, or the id of a subsequence or sequence.
        package let sequence: String
        /// The step as people count it, from `1`, or `unknown`.
        package let step: String
        /// The variant's letter, `A` without an A/B test, or `unknown`.
        package let variant: String

        /// Names a step.
        package init(sequence: String = "main", step: String, variant: String = "A") {
            self.sequence = sequence.labelValue
            self.step = step.labelValue
            self.variant = variant.labelValue
        }

        /// By sequence, then by step in numeric order, then by variant.
        package static func < (left: Key, right: Key) -> Bool {
            (left.sequence, left.step.utf8.count, left.step, left.variant.utf8.count, left.variant)
                < (right.sequence, right.step.utf8.count, right.step, right.variant.utf8.count, right.variant)
        }
    }

    /// What tells it from the campaign's other steps.
    package let key: Key
    /// How it reaches people: `email`, `linkedin`, `phone` or `other`.
    package var channel: String
    /// The provider's task type, empty where there is none.
    package var task: String
    /// The label of the condition that leads here, empty where there is none.
    package var condition: String
    /// Its totals.
    package var measures: Measures<StepMeasure>

    /// Describes a step.
    package init(
        key: Key,
        channel: String = "email",
        task: String = "",
        condition: String = "",
        measures: Measures<StepMeasure> = .init()
    ) {
        self.key = key
        self.channel = channel
        self.task = task
        self.condition = condition
        self.measures = measures
    }

    /// The letter of a variant counted from 0: `A` … `Z`, then `AA`, as columns of a sheet are named; `unknown` below 0.
    package static func letter(_ index: Int) -> String {
        guard index >= 0 else { return "unknown" }
        let last = String(UnicodeScalar(UInt8(ascii: "A") + UInt8(index % 26)))
        return index < 26 ? last : letter(index / 26 - 1) + last
    }

    /// Sorts steps by key and sums those that share one; the first of them keeps its channel, task and condition.
    static func unique(_ steps: [Step]) -> [Step] {
        var byKey: [Key: Step] = [:]
        for step in steps {
            byKey[
                step.key,
                default: Step(key: step.key, channel: step.channel, task: step.task, condition: step.condition)
            ]
            .measures.add(step.measures)
        }
        return byKey.values.sorted { $0.key < $1.key }
    }
}
