// SPDX-License-Identifier: Apache-2.0

extension CampaignPlan {
    /// Draws the campaign with this number.
    ///
    /// - Parameters:
    ///   - index: its number within the account.
    ///   - platform: whose habits it follows.
    ///   - settings: how many steps and variants it has.
    ///   - seed: the account's.
    ///   - epoch: where the world's past ends.
    init(_ index: Int, on platform: Platform, _ settings: SimulatorSettings, seed: UInt64, epoch: Moment) {
        var dice = Dice(seed, 1, UInt64(index))
        self.index = index
        name = CampaignName.name(index)
        state = CampaignState.of(index, on: platform)
        id = CampaignPlan.id(on: platform, &dice)
        sequenceIDs = (0..<3).map { _ in Identifier.meteor("seq", &dice) }
        cells = CellLayout(platform: platform, campaign: index, settings: settings).cells(&dice)
        hours = WorkingHours(opening: dice.between(6..<15).rounded() * .hour)
        leadsPerDay = dice.between(20..<90)
        phase = dice.between(0..<1)
        isEvergreen = index % 4 == 2
        opportunityValue = Int(dice.between(1..<30)) * 100
        started = epoch - dice.between(25..<90) * .day
        created = started - dice.between(1..<9) * .day
        stopped = state.isSending || state == .draft ? nil : epoch - dice.between(3..<12) * .day
        length = cells.map(\.delay).max() ?? 0
        workBefore = hours.daysWorked(until: started)
        lastLaunch = state == .completed || state == .archived ? length + dice.between(2..<6) : .infinity
    }

    private static func id(on platform: Platform, _ dice: inout Dice) -> String {
        switch platform {
        case .instantly: Identifier.uuid(&dice)
        case .lemlist: Identifier.meteor("cam", &dice)
        case .sendkit: Identifier.objectID(&dice)
        }
    }
}
