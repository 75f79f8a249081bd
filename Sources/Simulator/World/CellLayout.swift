// SPDX-License-Identifier: Apache-2.0

/// Which steps and variants a campaign has, in the manner of its provider.
struct CellLayout {
    let platform: Platform
    let campaign: Int
    let settings: SimulatorSettings

    /// The campaign's cells in the provider's order.
    func cells(_ dice: inout Dice) -> [Cell] {
        let main = (0..<max(1, settings.steps)).flatMap { variants(ofStep: $0, &dice) }
        switch platform {
        case .instantly: return main + (campaign % 5 == 3 ? [unattributed(&dice)] : [])
        case .lemlist: return main + (isConditional ? branches(&dice) : [])
        case .sendkit: return main
        }
    }

    /// Every third lemlist campaign forks at its last step.
    private var isConditional: Bool { campaign % 3 == 1 && settings.steps > 1 }

    private func variants(ofStep step: Int, _ dice: inout Dice) -> [Cell] {
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
    private func branches(_ dice: inout Dice) -> [Cell] {
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
    private func unattributed(_ dice: inout Dice) -> Cell {
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
