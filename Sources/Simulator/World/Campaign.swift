// SPDX-License-Identifier: Apache-2.0

/// What is settled about a campaign from the start; its numbers at a moment follow from this and the clock.
package struct CampaignPlan: Sendable {
    /// Its number within the account, from 0.
    package let index: Int
    /// The provider's id.
    package let id: String
    /// The name people gave it.
    package let name: String
    /// Where it stands when the world's past ends.
    let firstState: CampaignState
    /// Where it stands once it has stopped.
    let lastState: CampaignState
    /// Its steps and variants in the provider's order.
    package let cells: [Cell]
    /// The ids of its sequences, the main one first; lemlist's.
    package let sequenceIDs: [String]
    /// When it was made; a moment of the world's past, at which clock and calendar agree.
    package let created: Moment
    /// When it begins to send; a draft within days of the world's past.
    package let started: Moment
    /// When it stops sending, `nil` where it goes on for ever.
    package let stopped: Moment?
    /// Whether new leads flow in for ever.
    package let isEvergreen: Bool
    /// What an opportunity is worth, in the account's currency.
    package let opportunityValue: Int

    /// When it sends.
    let hours: WorkingHours
    /// Leads it launches on a usual working day.
    let leadsPerDay: Double
    /// Working days after the start on which it launched its last lead.
    let lastLaunch: Double
    /// Where its ups and downs begin.
    let phase: Double
    /// Working days from a lead's first step to its last.
    let length: Double
    /// Usual days of work done before the start.
    let workBefore: Double

    /// Where it stands at a moment of its own time.
    func state(at moment: Moment) -> CampaignState {
        if let stopped, moment >= stopped { return lastState }
        if firstState == .draft, moment >= started { return .active }
        return firstState
    }

    /// When it came to stand where it stands at a moment.
    func updated(at moment: Moment) -> Moment {
        [stopped, started].compactMap(\.self).first { $0 <= moment } ?? created
    }

    /// Working days that the campaign has had until a moment, its ups and downs included; never falls.
    func progress(until moment: Moment) -> Double {
        guard moment > started else { return 0 }
        let days = hours.daysWorked(until: min(moment, stopped ?? moment)) - workBefore
        return days + swell(days) - swell(0)
    }

    /// Leads that have entered the sequence so many working days before `progress`.
    func launched(_ progress: Double, earlier delay: Double = 0) -> Double {
        max(0, min(progress - delay, lastLaunch)) * leadsPerDay
    }

    /// Leads in the campaign: imported by the hundred, shortly before they run out.
    func leads(at moment: Moment) -> Int {
        let launched = Int(launched(progress(until: moment)))
        let state = state(at: moment)
        return state.isSending || state == .draft || state == .paused ? (launched / 100 + 2) * 100 : launched
    }

    /// The ups and downs: two waves of four and seventeen days, together flatter than the line they are added to.
    private func swell(_ days: Double) -> Double {
        0.35 * 4 * Wave.height(at: days / 4 + phase) + 0.3 * 17 * Wave.height(at: days / 17 + 2 * phase)
    }
}

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
        var dice = SeededGenerator(seed, 1, UInt64(index))
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
        _ dice: inout SeededGenerator
    ) -> Moment? {
        if first.isSending { return first == last ? nil : epoch + dice.between(4..<20) * .day }
        return first == .draft ? nil : epoch - dice.between(3..<12) * .day
    }

    private static func id(on platform: Platform, _ dice: inout SeededGenerator) -> String {
        switch platform {
        case .instantly: Identifier.uuid(&dice)
        case .lemlist: Identifier.meteor("cam", &dice)
        case .sendkit: Identifier.objectID(&dice)
        }
    }
}

/// Where a simulated campaign stands, in words that each provider spells in its own way.
package enum CampaignState: Sendable {
    case draft, active, paused, completed, archived
    case runningSubsequences, accountSuspended, accountsUnhealthy, bounceProtect, failing

    /// The state that the campaign with this number begins in: a dozen of life, every fourth dozen alike.
    static func of(_ index: Int, on platform: Platform) -> CampaignState {
        switch index % 12 {
        case 3: .paused
        case 6, 10: .completed
        case 7: .draft
        case 9: special(index / 12, on: platform)
        default: .active
        }
    }

    /// What becomes of the campaign with this number while the world goes on; `nil` where it goes on as it is.
    static func end(of index: Int) -> CampaignState? {
        switch index % 12 {
        case 4: .completed
        case 8: .paused
        default: nil
        }
    }

    /// Whether the campaign still sends.
    var isSending: Bool { self == .active || self == .runningSubsequences || self == .failing }

    private static func special(_ dozen: Int, on platform: Platform) -> CampaignState {
        switch platform {
        case .instantly: [.runningSubsequences, .bounceProtect, .accountsUnhealthy, .accountSuspended][dozen % 4]
        case .lemlist: [.failing, .archived][dozen % 2]
        case .sendkit: .archived
        }
    }
}

/// Names that people give their campaigns, the awkward ones among them.
enum CampaignName {
    private static let names = [
        "Q3 SaaS founders – DACH",
        "Product launch 🚀",
        #"The "quick question" sequence"#,
        "Agences · Île-de-France",
        "日本 SaaS 創業者",
        #"Import C:\leads\warm"#,
        "Seed-stage CTOs, follow-up",
        "Ломбардия & Венето",
        "Re-engage\nlist B",
        "Webinar no-shows {first_name}",
        "عملاء الخليج",
        "50% off <b>renewals</b>",
        "Recruiters 👩‍💻 NYC",
        "Partners, tier 2",
        "Conference leads 'Web Summit'",
        "Logistics UK / IE",
    ]

    /// The name of the campaign with this number; from the seventeenth on names repeat with a number behind.
    static func name(_ index: Int) -> String {
        let round = index / names.count
        return round == 0 ? names[index] : "\(names[index % names.count]) #\(round + 1)"
    }
}
