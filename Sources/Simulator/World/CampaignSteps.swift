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

/// Which steps and variants a campaign has, in the manner of its provider.
struct CellLayout {
    let platform: Platform
    let campaign: Int
    let settings: SimulatorSettings

    /// The campaign's cells in the provider's order.
    func cells(_ dice: inout SeededGenerator) -> [Cell] {
        let main = (0..<max(1, settings.steps)).flatMap { variants(ofStep: $0, &dice) }
        switch platform {
        case .instantly: return main + (campaign % 5 == 3 ? [unattributed(&dice)] : [])
        case .lemlist: return main + (isConditional ? branches(&dice) : [])
        case .sendkit: return main
        }
    }

    /// Every third lemlist campaign forks at its last step.
    private var isConditional: Bool { campaign % 3 == 1 && settings.steps > 1 }

    private func variants(ofStep step: Int, _ dice: inout SeededGenerator) -> [Cell] {
        let task = task(ofStep: step)
        let tested = settings.variants > 1 && task == .email && !(platform == .sendkit && step % 2 == 1)
        let parts = tested ? min(settings.variants, 26) : 1
        // SendKit counts the wait between two e-mails as a step of its own: 0, 2, 4.
        let number = platform == .sendkit ? step * 2 : step
        return (0..<parts).map { part in
            Cell(
                sequence: 0,
                step: number,
                variant: tested || platform == .instantly ? part : nil,
                task: task,
                condition: nil,
                delay: 2.5 * Double(step),
                population: staying(until: step),
                part: part,
                parts: parts,
                habits: Habits(step: step, &dice)
            )
        }
    }

    private func task(ofStep step: Int) -> StepTask {
        guard platform == .lemlist, step > 0 else { return .email }
        if isConditional && step == settings.steps - 1 { return .conditional }
        guard campaign % 3 == 2 else { return .email }
        return [.linkedinVisit, .linkedinInvite, .linkedinSend, .email, .phone, .manual][(step - 1) % 6]
    }

    /// Two short sequences behind the condition: one for those who opened, one for the others.
    private func branches(_ dice: inout SeededGenerator) -> [Cell] {
        let step = settings.steps
        return [("Opened email", StepTask.linkedinSend, 0.55), ("Didn't open email", .email, 0.45)].enumerated().map {
            Cell(
                sequence: $0 + 1,
                step: 0,
                variant: nil,
                task: $1.1,
                condition: $1.0,
                delay: 2.5 * Double(step),
                population: $1.2 * staying(until: step),
                part: 0,
                parts: 1,
                habits: Habits(step: step, &dice)
            )
        }
    }

    /// What belongs to no step: events that Instantly could not attribute.
    private func unattributed(_ dice: inout SeededGenerator) -> Cell {
        Cell(
            sequence: 0,
            step: nil,
            variant: nil,
            task: .email,
            condition: nil,
            delay: 1,
            population: 0.01,
            part: 0,
            parts: 1,
            habits: Habits(step: 0, &dice)
        )
    }

    /// The share of the leads that are still there at a step: some reply, bounce or leave at each.
    private func staying(until step: Int) -> Double {
        (0..<step).reduce(1) { share, _ in share * 0.86 }
    }
}

/// What a step does, in lemlist's words; the steps of the others are all e-mails.
package enum StepTask: String, Sendable {
    case email
    case linkedinVisit
    case linkedinInvite
    case linkedinSend
    case phone
    case manual
    case conditional
}

/// How the leads that one step's variant reaches behave: chances between 0 and 1.
struct Habits {
    let bounce, open, click, reply, replyAutomatically, unsubscribe, interest, meeting, win: Double
    /// What every share is rounded with, so that campaigns do not step in unison; at least 0 and below 1.
    let phase: Double

    /// Draws the habits of a campaign's step: interest wears off from step to step.
    init(step: Int, _ dice: inout SeededGenerator) {
        let freshness = 1 / (1 + 0.25 * Double(step))
        bounce = dice.between(0.01..<0.03) * freshness
        open = dice.between(0.35..<0.65) * (0.5 + freshness / 2)
        click = dice.between(0.04..<0.14)
        reply = dice.between(0.012..<0.04) * freshness
        replyAutomatically = dice.between(0.01..<0.03)
        unsubscribe = dice.between(0.002..<0.008)
        interest = dice.between(0.25..<0.45)
        meeting = dice.between(0.3..<0.6)
        win = dice.between(0.15..<0.4)
        phase = dice.between(0..<1)
    }

    /// So many of `number` as `chance` says; rises with `number`, by at most as much.
    func share(_ chance: Double, of number: Double) -> Int {
        Int(number * chance + phase)
    }
}
