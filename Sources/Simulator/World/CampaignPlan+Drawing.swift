// SPDX-License-Identifier: Apache-2.0

extension CampaignPlan {
    /// Draws the campaign with this number.
    ///
    /// - Parameters:
    ///   - index: its number within the account.
    ///   - platform: whose habits it follows.
    ///   - settings: how many steps and variants it has, and how long ago it may have started.
    ///   - seed: the account's.
    ///   - epoch: where the world's past ends.
    init(_ index: Int, on platform: Platform, _ settings: SimulatorSettings, seed: UInt64, epoch: Moment) {
        var dice = Dice(seed, 1, UInt64(index))
        self.index = index
        name = CampaignName.name(index)
        firstState = CampaignState.of(index, on: platform)
        lastState = CampaignState.end(of: index) ?? firstState
        id = CampaignPlan.id(on: platform, &dice)
        sequenceIDs = (0..<3).map { _ in Identifier.meteor("seq", &dice) }
        cells = CellLayout(platform: platform, campaign: index, settings: settings).cells(&dice)
        hours = WorkingHours(opening: dice.between(6..<15).rounded() * .hour)
        leadsPerDay = dice.between(20..<90)
        phase = dice.between(0..<1)
        isEvergreen = index % 4 == 2
        opportunityValue = Int(dice.between(1..<30)) * 100
        let age = dice.between(25..<Double(max(26, settings.past))) * .day
        started = firstState == .draft ? epoch + age / 16 : epoch - age
        created = min(started, epoch) - dice.between(1..<9) * .day
        stopped = Self.stop(firstState, lastState, epoch, &dice)
        length = cells.map(\.delay).max() ?? 0
        workBefore = hours.daysWorked(until: started)
        lastLaunch = firstState == .completed || firstState == .archived ? length + dice.between(2..<6) : .infinity
    }

    /// Days ago, or within weeks where it sends now and comes to another state.
    private static func stop(
        _ first: CampaignState,
        _ last: CampaignState,
        _ epoch: Moment,
        _ dice: inout Dice
    ) -> Moment? {
        if first.isSending { return first == last ? nil : epoch + dice.between(4..<20) * .day }
        return first == .draft ? nil : epoch - dice.between(3..<12) * .day
    }

    private static func id(on platform: Platform, _ dice: inout Dice) -> String {
        switch platform {
        case .instantly: Identifier.uuid(&dice)
        case .lemlist: Identifier.meteor("cam", &dice)
        case .sendkit: Identifier.objectID(&dice)
        }
    }
}
