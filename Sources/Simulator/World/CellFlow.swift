// SPDX-License-Identifier: Apache-2.0

/// A cell's messages as functions of the campaign's progress; none of them falls as it grows.
struct CellFlow {
    let cell: Cell
    let plan: CampaignPlan
    let storms: [(start: Double, end: Double)]

    /// Messages sent, or invitations.
    func sent(_ progress: Double) -> Int {
        let leads = Int(plan.launched(progress, earlier: cell.delay) * cell.population)
        return (leads + cell.parts - 1 - cell.part) / cell.parts
    }

    /// Messages that bounced: a few, and four in ten of those sent in a storm.
    func bounced(_ progress: Double) -> Int {
        guard cell.task == .email else { return 0 }
        let stormy = storms.reduce(0) { sum, storm in
            storm.start < progress ? sum + sent(min(storm.end, progress)) - sent(storm.start) : sum
        }
        let calm = Double(sent(progress) - stormy)
        return cell.habits.share(cell.habits.bounce, of: calm) + cell.habits.share(0.4, of: Double(stormy))
    }

    /// Messages that arrived.
    func delivered(_ progress: Double) -> Double {
        Double(sent(progress) - bounced(progress))
    }

    /// Messages that were opened.
    func opened(_ exposure: Exposure) -> Double {
        Double(cell.habits.share(cell.habits.open, of: exposure.sum(of: delivered)))
    }
}
