// SPDX-License-Identifier: Apache-2.0

/// One variant of one step: the smallest unit that providers report.
package struct StepVariant: Sendable {
    /// The sequence it belongs to: 0 is the main one, others follow a condition.
    package let sequence: Int
    /// Its step within the sequence, counted from 0 as the provider counts; `nil` gathers what belongs to no step.
    package let step: Int?
    /// Its variant, counted from 0; `nil` where the step has no A/B test.
    package let variantIndex: Int?
    /// What the step does.
    package let task: StepTask
    /// The condition under which a lead enters its sequence; `nil` for the main sequence.
    package let condition: String?

    /// Working days between a lead's launch and this step.
    let delay: Double
    /// The share of the launched leads that reach the step, 0 to 1.
    let population: Double
    /// This variant gets every `parts`-th of these leads, starting with number `part`.
    let (part, parts): (Int, Int)
    /// How its recipients respond.
    let rates: EngagementRates
}

/// Generates the steps and variants of a campaign as its provider allows them.
struct SequenceTemplate {
    let provider: SimulatedProvider
    let campaign: Int
    let settings: SimulatorSettings

    /// The campaign's variants in the order in which the provider reports them.
    func variants(_ generator: inout SeededGenerator) -> [StepVariant] {
        let main = (0..<max(1, settings.steps)).flatMap { variants(ofStep: $0, &generator) }
        switch provider {
        case .instantly: return main + (campaign % 5 == 3 ? [unattributed(&generator)] : [])
        case .lemlist: return main + (isConditional ? branches(&generator) : [])
        case .sendkit: return main
        }
    }

    /// Every third lemlist campaign branches at its last step.
    private var isConditional: Bool { campaign % 3 == 1 && settings.steps > 1 }

    private func variants(ofStep step: Int, _ generator: inout SeededGenerator) -> [StepVariant] {
        let task = task(ofStep: step)
        let tested = settings.variants > 1 && task == .email && !(provider == .sendkit && step % 2 == 1)
        let parts = tested ? min(settings.variants, 26) : 1
        // SendKit counts the wait between two e-mails as a step of its own: 0, 2, 4.
        let number = provider == .sendkit ? step * 2 : step
        return (0..<parts).map { part in
            StepVariant(
                sequence: 0,
                step: number,
                variantIndex: tested || provider == .instantly ? part : nil,
                task: task,
                condition: nil,
                delay: 2.5 * Double(step),
                population: staying(until: step),
                part: part,
                parts: parts,
                rates: EngagementRates(step: step, &generator)
            )
        }
    }

    private func task(ofStep step: Int) -> StepTask {
        guard provider == .lemlist, step > 0 else { return .email }
        if isConditional && step == settings.steps - 1 { return .conditional }
        guard campaign % 3 == 2 else { return .email }
        return [.linkedinVisit, .linkedinInvite, .linkedinSend, .email, .phone, .manual][(step - 1) % 6]
    }

    /// Two sequences of one step after the condition: for leads who opened, and for the others.
    private func branches(_ generator: inout SeededGenerator) -> [StepVariant] {
        let step = settings.steps
        return [("Opened email", StepTask.linkedinSend, 0.55), ("Didn't open email", .email, 0.45)].enumerated().map {
            StepVariant(
                sequence: $0 + 1,
                step: 0,
                variantIndex: nil,
                task: $1.1,
                condition: $1.0,
                delay: 2.5 * Double(step),
                population: $1.2 * staying(until: step),
                part: 0,
                parts: 1,
                rates: EngagementRates(step: step, &generator)
            )
        }
    }

    /// Events that Instantly cannot attribute to a step.
    private func unattributed(_ generator: inout SeededGenerator) -> StepVariant {
        StepVariant(
            sequence: 0,
            step: nil,
            variantIndex: nil,
            task: .email,
            condition: nil,
            delay: 1,
            population: 0.01,
            part: 0,
            parts: 1,
            rates: EngagementRates(step: 0, &generator)
        )
    }

    /// The share of the leads that reach a step: 14 % reply, bounce or unsubscribe at each.
    private func staying(until step: Int) -> Double {
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
        bounce = generator.between(0.01..<0.03) * freshness
        open = generator.between(0.35..<0.65) * (0.5 + freshness / 2)
        click = generator.between(0.04..<0.14)
        reply = generator.between(0.012..<0.04) * freshness
        replyAutomatically = generator.between(0.01..<0.03)
        unsubscribe = generator.between(0.002..<0.008)
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
