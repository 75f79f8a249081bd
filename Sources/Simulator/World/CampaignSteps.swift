// SPDX-License-Identifier: Apache-2.0

/// One variant of one step: the smallest unit that providers report.
package struct StepVariant: Sendable {
    /// The sequence it belongs to: 0 is the main one, others follow a condition.
    package var sequence = 0
    /// Its step within the sequence, counted from 0 as the provider counts; `nil` gathers what belongs to no step.
    package var step: Int?
    /// Its variant, counted from 0; `nil` where the step has no A/B test.
    package var variantIndex: Int?
    package var task = StepTask.email
    /// The condition under which a lead enters its sequence; `nil` for the main sequence.
    package var condition: String?

    /// Working days between a lead's launch and this step.
    let delay: Double
    /// The share of the launched leads that reach the step, 0 to 1.
    let population: Double
    /// This variant gets every `parts`-th of these leads, starting with number `part`.
    var part = 0, parts = 1
    /// How its recipients respond.
    let rates: EngagementRates
}

/// A campaign's place in its account, from which its provider generates steps and variants.
struct SequenceTemplate {
    let campaign: Int
    let settings: SimulatorSettings

    /// The numbers of the steps, from 0.
    var steps: Range<Int> { 0..<max(1, settings.steps) }

    /// The variants of a step of the main sequence.
    ///
    /// - Parameters:
    ///   - step: the step, from 0, which a share of the leads reaches after some days.
    ///   - number: how the provider counts the step; as here where it is `nil`.
    ///   - task: what the step does; only e-mails have an A/B test.
    ///   - isTested: whether the step may have an A/B test.
    ///   - namesEvery: whether the provider gives a variant without an A/B test an index too.
    ///   - generator: the source of the variants' rates.
    /// - Returns: the variants, one without an A/B test.
    func variants(
        ofStep step: Int,
        number: Int? = nil,
        task: StepTask = .email,
        isTested: Bool = true,
        namesEvery: Bool = false,
        _ generator: inout SeededGenerator
    ) -> [StepVariant] {
        let isTested = isTested && settings.variants > 1 && task == .email
        let parts = isTested ? min(settings.variants, 26) : 1
        return (0..<parts).map { part in
            StepVariant(
                step: number ?? step,
                variantIndex: isTested || namesEvery ? part : nil,
                task: task,
                delay: 2.5 * Double(step),
                population: staying(until: step),
                part: part,
                parts: parts,
                rates: EngagementRates(step: step, &generator)
            )
        }
    }

    /// The share of the leads that reach a step: 14 % reply, bounce or unsubscribe at each.
    func staying(until step: Int) -> Double {
        (0..<step).reduce(1) { share, _ in share * 0.86 }
    }
}

/// The type of a step; raw values are lemlist's `taskType`; the other providers have e-mails only.
package enum StepTask: String, Sendable {
    case email
    case linkedinVisit
    case linkedinInvite
    case linkedinSend
    case phone
    case manual
    case conditional
}

/// The rates at which the recipients of a variant respond, each between 0 and 1.
struct EngagementRates {
    let bounce, open, click, reply, replyAutomatically, unsubscribe, interest, meeting, win: Double
    /// Added before rounding down, so that counts do not change in unison; 0 to below 1.
    let phase: Double

    /// Generates the rates of a step; engagement decreases from step to step.
    init(step: Int, _ generator: inout SeededGenerator) {
        let freshness = 1 / (1 + 0.25 * Double(step))
        bounce = generator.between(0.004..<0.014) * freshness
        open = generator.between(0.35..<0.65) * (0.5 + freshness / 2)
        click = generator.between(0.04..<0.14)
        reply = generator.between(0.012..<0.04) * freshness
        replyAutomatically = generator.between(0.01..<0.03)
        unsubscribe = generator.between(0.001..<0.004)
        interest = generator.between(0.25..<0.45)
        meeting = generator.between(0.3..<0.6)
        win = generator.between(0.15..<0.4)
        phase = generator.between(0..<1)
    }

    /// `rate` of `number`, as a whole number; grows with `number`, by at most as much.
    func share(_ chance: Double, of number: Double) -> Int {
        Int(number * chance + phase)
    }
}
