// SPDX-License-Identifier: Apache-2.0

/// How the leads that one step's variant reaches behave: chances between 0 and 1.
struct Habits {
    let bounce, open, click, reply, replyAutomatically, unsubscribe, interest, meeting, win: Double
    /// What every share is rounded with, so that campaigns do not step in unison; at least 0 and below 1.
    let phase: Double

    /// Draws the habits of a campaign's step: interest wears off from step to step.
    init(step: Int, _ dice: inout Dice) {
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
