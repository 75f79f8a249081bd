// SPDX-License-Identifier: Apache-2.0

internal import Exposition

/// A campaign with the provider's numbers; part of the storage format.
package struct Campaign: Sendable, Hashable, Codable {
    /// The provider's id: the label `campaign`.
    package let id: String
    /// The name given by users, who may change it.
    package var name: String?
    /// `nil` if the provider reports none.
    package var status: CampaignStatus?
    package var measures: Measures<CampaignMeasure>
    /// Leads by the provider's lead status, which users can define.
    package var leadsByStatus: [String: Double]
    /// Why the campaign stands still; `nil` while it sends, should not send, or no reason is known.
    package var sending: SendingStatus?
    /// The words by which users group campaigns, each once and sorted; `nil` means none.
    package private(set) var labels: [String]?
    /// Unique by key, and sorted by it.
    package private(set) var steps: [Step] = []

    /// How many labels of a campaign are kept: the first in their order.
    package static let maxLabels = 20

    /// Creates a campaign; steps with the same key are summed.
    package init(
        id: String,
        name: String? = nil,
        status: CampaignStatus? = nil,
        measures: Measures<CampaignMeasure> = .init(),
        leadsByStatus: [String: Double] = [:],
        labels: [String] = [],
        steps: [Step] = []
    ) {
        self.id = id.labelValue
        self.name = name
        self.status = status
        self.measures = measures
        self.leadsByStatus = leadsByStatus
        self.labels = Self.bounded(labels)
        self.steps = Step.unique(steps)
    }

    /// The label `name`: the id stands in for a name that is missing or blank, so that joins find every campaign.
    var shownName: String {
        name.flatMap { $0.unicodeScalars.allSatisfy(\.properties.isWhitespace) ? nil : $0 } ?? id
    }

    var withoutSteps: Campaign { replacing(steps: []) }

    package func replacing(steps: [Step]) -> Campaign {
        var campaign = self
        campaign.steps = Step.unique(steps)
        return campaign
    }

    package func labelled(_ labels: [String]) -> Campaign {
        var campaign = self
        campaign.labels = Self.bounded(labels)
        return campaign
    }

    private static func bounded(_ labels: [String]) -> [String]? {
        let named = labels.map(\.labelValue).filter { !$0.unicodeScalars.allSatisfy(\.properties.isWhitespace) }
        return named.isEmpty ? nil : Array(Set(named).sorted().prefix(maxLabels))
    }

    /// Adds the values of `detail`, which take precedence; its steps, if any, replace the present ones.
    package func completed(by detail: Campaign) -> Campaign {
        var whole = self
        whole.name = detail.name ?? name
        whole.status = detail.status ?? status
        whole.measures.merge(detail.measures)
        whole.leadsByStatus.merge(detail.leadsByStatus) { _, new in new }
        whole.labels = detail.labels ?? labels
        if !detail.steps.isEmpty { whole.steps = detail.steps }
        return whole
    }
}

/// A campaign's status, common to all providers; the raw value is the label `status`.
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
    /// A status that this version does not know.
    case unknown
}

/// A variant of a campaign's step.
package struct Step: Sendable, Hashable, Codable {
    package struct Key: Sendable, Hashable, Codable, Comparable {
        /// `main`, or the id of a sequence or subsequence.
        package let sequence: String
        /// The step's number from `1`, or `unknown`.
        package let step: String
        /// The variant's letter (`A` without an A/B test), or `unknown`.
        package let variant: String

        package init(sequence: String = "main", step: String, variant: String = "A") {
            self.sequence = sequence.labelValue
            self.step = step.labelValue
            self.variant = variant.labelValue
        }

        /// Orders by sequence, then by step as a number, then by variant as a column of a spreadsheet.
        package static func < (left: Key, right: Key) -> Bool {
            (left.sequence, left.step.utf8.count, left.step, left.variant.utf8.count, left.variant)
                < (right.sequence, right.step.utf8.count, right.step, right.variant.utf8.count, right.variant)
        }
    }

    package let key: Key
    /// `email`, `linkedin`, `phone` or `other`.
    package var channel: String
    /// The provider's task type; empty if there is none.
    package var task: String
    /// The label of the condition that leads to this step; empty if there is none.
    package var condition: String
    package var measures: Measures<StepMeasure>

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

    /// The letter of a variant counted from 0: `A` to `Z`, `AA` and on, like spreadsheet columns; `unknown` below 0.
    package static func letter(_ index: Int) -> String {
        guard index >= 0 else { return "unknown" }
        let last = String(UnicodeScalar(UInt8(ascii: "A") + UInt8(index % 26)))
        return index < 26 ? last : letter(index / 26 - 1) + last
    }

    /// Sorts steps by key and sums those with the same key; channel, task and condition are those of the first.
    package static func unique(_ steps: [Step]) -> [Step] {
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

/// Why a campaign that should send does not, as far as its provider tells; part of the storage format.
package struct SendingStatus: Sendable, Hashable, Codable {
    /// The reason, the label `state`: mostly Instantly's words, such as `no_accounts_available`; others may come.
    package let state: String
    /// Limits, what was sent of them today, and the leads that wait.
    package var measures: Measures<CampaignMeasure>
    /// The campaign's mailboxes: those that are `available`, and the others by the reason for which they are not.
    package var mailboxes: [String: Double]

    package init(_ state: String, measures: Measures<CampaignMeasure> = .init(), mailboxes: [String: Double] = [:]) {
        self.state = state.labelValue
        self.measures = measures
        self.mailboxes = mailboxes
    }

    /// Whether the campaign only waits for the hours of its schedule, which needs no further question.
    package var isOutOfSchedule: Bool { state == "out_of_schedule" }
}

extension CampaignStatus {
    /// Whether the campaign is meant to send, so that there is a reason if it does not.
    package var shouldSend: Bool { self == .active || self == .error }
}
