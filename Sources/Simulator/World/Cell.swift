// SPDX-License-Identifier: Apache-2.0

/// One variant of one step: the finest grain of a campaign.
package struct Cell: Sendable {
    /// The sequence it belongs to: 0 is the main one, others branch off behind a condition.
    package let sequence: Int
    /// Its step within the sequence, counted from 0 as the provider counts; `nil` gathers what belongs to no step.
    package let step: Int?
    /// Its variant, counted from 0; `nil` where the step has no A/B test.
    package let variant: Int?
    /// What the step does.
    package let task: StepTask
    /// What a lead must have done to come here.
    package let condition: String?

    /// Working days between a lead's launch and this step.
    let delay: Double
    /// The share of the launched leads that come here.
    let population: Double
    /// Which part of these leads get this variant, and of how many parts.
    let (part, parts): (Int, Int)
    /// How the leads behave.
    let habits: Habits
}
