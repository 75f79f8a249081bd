// SPDX-License-Identifier: Apache-2.0

/// The parameters of a campaign; its statistics at an instant follow from these and the clock alone.
package struct SimulatedCampaign: Sendable {
    /// Its index within the account, from 0; state and shape follow from it.
    package let index: Int
    /// The provider's id.
    package let id: String
    /// The id as a number, for providers that have numbers.
    var number: Int { Int(id) ?? 0 }
    /// The name, unique within the account.
    package let name: String
    /// The state at the start of the simulation.
    let firstState: CampaignState
    /// The state from `stopped` on.
    let lastState: CampaignState
    /// All variants of all steps, in the order in which the provider reports them.
    package let variants: [StepVariant]
    /// The ids of its sequences, the main one first; only lemlist reports them.
    package let sequenceIDs: [String]
    /// The instant of creation, always before the start of the simulation.
    package let created: SimulatedInstant
    /// The instant at which it begins to send; for a draft up to `past / 16` days after the start of the simulation.
    package let started: SimulatedInstant
    /// The instant at which it stops sending; `nil` if never.
    package let stopped: SimulatedInstant?
    /// Whether the provider marks it as evergreen.
    package let isEvergreen: Bool
    /// The value of an opportunity, in the account's currency.
    package let opportunityValue: Int

    let hours: WorkingHours
    /// Leads launched per working day of progress.
    let leadsPerDay: Double
    /// The progress at which it launches its last lead; infinite while leads flow in.
    let lastLaunchDay: Double
    /// Leads that are imported at once.
    let importSize: Int
    /// The phase of `variation`, 0 to 1.
    let phase: Double
    /// Working days from a lead's first step to its last.
    let sequenceLength: Double
    /// `hours.daysWorked` at `started`.
    let daysWorkedBeforeStart: Double

    /// Why it sends nothing although it is active; `nil` where it sends.
    package let standstill: Standstill?

    /// The labels that users gave it: a client, and for every fourth a priority; every third campaign has none.
    var labels: [String] {
        guard index % 3 != 2 else { return [] }
        return [Self.clients[index % 2]] + (index % 4 == 0 ? ["priority"] : [])
    }

    private static let clients = ["Northwind", "Globex · EMEA"]

    /// Every label that a campaign of any account can have.
    static var allLabels: [String] { clients + ["priority"] }

    /// The state at an instant of the campaign's local time.
    func state(at instant: SimulatedInstant) -> CampaignState {
        if let stopped, instant >= stopped { return lastState }
        if firstState == .draft, instant >= started { return .active }
        return firstState
    }

    /// The instant of the last change of state before an instant, or of creation.
    func updated(at instant: SimulatedInstant) -> SimulatedInstant {
        [stopped, started].compactMap(\.self).first { $0 <= instant } ?? created
    }

    /// The progress in working days since `started`, `variation` included; never falls.
    func progress(until instant: SimulatedInstant) -> Double {
        guard instant > started else { return 0 }
        let days = hours.daysWorked(until: min(instant, stopped ?? instant)) - daysWorkedBeforeStart
        return days + variation(days) - variation(0)
    }

    /// Leads launched until `delay` working days before `progress`.
    func launched(_ progress: Double, earlier delay: Double = 0) -> Double {
        max(0, min(progress - delay, lastLaunchDay)) * leadsPerDay
    }

    /// Leads in the campaign; the next are imported while one import is left, a week of whoever watches and more.
    func leads(at instant: SimulatedInstant) -> Int {
        let launched = Int(launched(progress(until: instant)))
        if standstill == .waitingForLeads { return launched }
        let state = state(at: instant)
        let isOpen = state.isSending || state == .draft || state == .paused
        return isOpen ? (launched / importSize + 2) * importSize : launched
    }

    /// Variation of the pace: waves with periods of 4 and 17 days, whose slopes add up to less than 1, so progress
    /// never falls.
    private func variation(_ days: Double) -> Double {
        0.35 * 4 * ParabolicWave.value(at: days / 4 + phase) + 0.3 * 17 * ParabolicWave.value(at: days / 17 + 2 * phase)
    }
}

extension SimulatedCampaign {
    /// Generates the campaign with an index.
    ///
    /// - Parameters:
    ///   - index: its index within the account, from 0.
    ///   - provider: determines ids, steps and special states.
    ///   - settings: the number of steps and variants, the longest age, and the days for which leads suffice.
    ///   - seed: the account's seed.
    ///   - epoch: the start of the simulation.
    init(
        _ index: Int,
        on provider: SimulatedProvider,
        _ settings: SimulatorSettings,
        seed: UInt64,
        epoch: SimulatedInstant
    ) {
        var generator = SeededGenerator(seed, 1, UInt64(index))
        self.index = index
        standstill = Standstill.of(index, on: provider)
        name = CampaignName.name(index)
        firstState = CampaignState.of(index, special: provider.server.specialStates)
        lastState = CampaignState.end(of: index) ?? firstState
        id = provider.server.campaignID(&generator)
        sequenceIDs = (0..<3).map { _ in Identifier.meteorID("seq", &generator) }
        variants = provider.server.variants(
            of: SequenceTemplate(campaign: index, settings: settings),
            &generator
        )
        hours = WorkingHours(startOfWork: generator.between(6..<15).rounded() * .hour)
        leadsPerDay = generator.between(20..<90)
        importSize = 500 * settings.daysPerDay
        phase = generator.between(0..<1)
        isEvergreen = index % 4 == 2
        opportunityValue = Int(generator.between(1..<30)) * 100
        let age = generator.between(25..<Double(max(26, settings.past))) * .day
        started = firstState == .draft ? epoch + age / 16 : epoch - age
        created = min(started, epoch) - generator.between(1..<9) * .day
        stopped =
            standstill != nil
            ? epoch - 2 * .day : Self.stop(firstState, lastState, epoch, &generator)
        sequenceLength = variants.map(\.delay).max() ?? 0
        daysWorkedBeforeStart = hours.daysWorked(until: started)
        lastLaunchDay =
            firstState == .completed || firstState == .archived ? sequenceLength + generator.between(2..<6) : .infinity
    }

    /// Stopped campaigns: days before the start; campaigns that will change state: within 20 days after it.
    private static func stop(
        _ first: CampaignState,
        _ last: CampaignState,
        _ epoch: SimulatedInstant,
        _ generator: inout SeededGenerator
    ) -> SimulatedInstant? {
        if first.isSending { return first == last ? nil : epoch + generator.between(4..<20) * .day }
        return first == .draft ? nil : epoch - generator.between(3..<12) * .day
    }
}

/// The state of a campaign; each provider has its own names for them.
package enum CampaignState: Sendable {
    case draft, active, paused, completed, archived
    case runningSubsequences, accountSuspended, accountsUnhealthy, bounceProtect, failing

    /// The initial state of the campaign with an index: a pattern of 12, with the provider's special states in turn.
    static func of(_ index: Int, special: [CampaignState]) -> CampaignState {
        switch index % 12 {
        case 3: .paused
        case 6, 10: .completed
        case 7: .draft
        case 9: special[index / 12 % special.count]
        default: .active
        }
    }

    /// The state that the campaign with an index changes to during the simulation; `nil` if it does not.
    static func end(of index: Int) -> CampaignState? {
        switch index % 12 {
        case 4: .completed
        case 8: .paused
        default: nil
        }
    }

    /// Whether the campaign still sends.
    var isSending: Bool { self == .active || self == .runningSubsequences || self == .failing }
}

/// Campaign names, among them ones that need escaping.
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

    /// The name of the campaign with an index; from the seventeenth on names repeat, followed by a number.
    static func name(_ index: Int) -> String {
        let round = index / names.count
        return round == 0 ? names[index] : "\(names[index % names.count]) #\(round + 1)"
    }
}

/// Why an active campaign sends nothing; raw values are Instantly's statuses of sending.
package enum Standstill: String, Sendable, CaseIterable {
    case noAccountsAvailable = "no_accounts_available"
    case waitingForLeads = "waiting_for_leads"
    case dailyLimitMet = "daily_limit_met"
    case accountDailyLimitMet = "account_daily_limit_met"
    case outOfSchedule = "out_of_schedule"
    case allAccountsUnhealthy = "all_accounts_unhealthy"
    case newLeadLimitMet = "new_lead_limit_met"
    case domainLimitReached = "domain_limit_reached"
    case waitingForESPMatch = "waiting_for_esp_match"
    case followUpDelayNotMet = "follow_up_delay_not_met"

    /// The reason of the campaign with an index: those that stand still have each in turn.
    static func of(_ index: Int, on provider: SimulatedProvider) -> Standstill? {
        StagedTroubles.standsStill(campaign: index, on: provider) ? allCases[index / 12 % allCases.count] : nil
    }

    /// Instantly's `not_sending_status` in the listing; `nil` for reasons without a code.
    var code: Int? {
        switch self {
        case .outOfSchedule: 1
        case .waitingForLeads: 2
        case .dailyLimitMet: 3
        case .accountDailyLimitMet: 4
        case .allAccountsUnhealthy: 99
        case .noAccountsAvailable, .newLeadLimitMet, .domainLimitReached, .waitingForESPMatch, .followUpDelayNotMet: nil
        }
    }

    /// The key of the mailboxes that cannot send for this reason; `nil` where all can.
    var unavailable: String? {
        switch self {
        case .noAccountsAvailable, .allAccountsUnhealthy: "disconnected"
        case .accountDailyLimitMet: "daily_limit_hit"
        case .outOfSchedule, .waitingForLeads, .dailyLimitMet, .newLeadLimitMet, .domainLimitReached,
            .waitingForESPMatch, .followUpDelayNotMet:
            nil
        }
    }
}
