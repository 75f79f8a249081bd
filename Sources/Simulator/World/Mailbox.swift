// SPDX-License-Identifier: Apache-2.0

package struct SimulatedMailbox: Sendable {
    /// The state of a mailbox; each provider has its own names for them.
    package enum State: Sendable { case active, paused, failing }

    /// Its index within the account, from 0; state and shape follow from it.
    package let index: Int
    /// The provider's id; Instantly knows mailboxes by address alone.
    package let id: String
    package let (firstName, lastName): (String, String)
    /// The part of the address after the `@`.
    package let domain: String
    /// The host: 0 is Google, 1 Microsoft, 2 another.
    package let host: Int
    /// The state, constant during the simulation.
    package let state: State
    package let isWarming: Bool
    /// The instant at which it was connected and its warm-up began, 20 to 60 days before the start of the simulation.
    package let created: SimulatedInstant
    /// The most messages that it sends in a day of whoever watches.
    package let dailyLimit: Int
    /// The most warm-up messages that it sends in a simulated day.
    package let warmupLimit: Int

    /// The long-term share of its warm-up messages that end in spam, 0 to 1.
    let spam: Double

    package var address: String { "\(firstName.lowercased()).\(lastName.lowercased())@\(domain)" }

    /// Whether its domain passes DKIM and DMARC.
    let isSigned: Bool

    /// The DNS checks of its domain.
    package var checks: [(name: String, passed: Bool)] {
        [("mx", true), ("spf", true), ("dkim", isSigned), ("dmarc", isSigned)]
    }
}

extension SimulatedMailbox {
    private static let firstNames = [
        "Anna", "Ben", "Chloe", "David", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas",
    ]
    private static let lastNames = ["Berg", "Costa", "Dupont", "Ek", "Fischer", "Garcia", "Horvat"]

    /// Generates the mailbox with an index.
    ///
    /// - Parameters:
    ///   - index: its index within the account, from 0.
    ///   - provider: determines the format of the id.
    ///   - settings: the simulated days in a day of whoever watches.
    ///   - seed: the account's seed.
    ///   - epoch: the start of the simulation.
    init(
        _ index: Int,
        on provider: SimulatedProvider,
        _ settings: SimulatorSettings,
        seed: UInt64,
        epoch: SimulatedInstant
    ) {
        var generator = SeededGenerator(seed, 2, UInt64(index))
        var site = SeededGenerator(seed, 3, UInt64(index % 3))
        let names = SimulatedMailbox.firstNames
        let surnames = SimulatedMailbox.lastNames
        let round = index / (names.count * surnames.count)
        self.index = index
        id = provider.server.mailboxID(&generator)
        firstName = names[index % names.count]
        lastName = surnames[index / names.count % surnames.count] + (round == 0 ? "" : String(round + 1))
        domain = "\(["try", "get", "hello"][index % 3])-\(site.text(5, of: "bcdfglmnprstaeiou")).example"
        host = index % 5 == 4 ? 2 : index % 2
        state = StagedTroubles.state(ofMailbox: index, on: provider)
        isSigned = !StagedTroubles.isUnsigned(site: index % 3, on: provider)
        isWarming = index % 4 != 3
        created = epoch - generator.between(20..<60) * .day
        warmupLimit = 30 + Int(generator.next() % 5) * 10
        dailyLimit = warmupLimit * settings.daysPerDay
        spam = generator.between(0.01..<0.05)
    }
}

extension SimulatedMailbox {
    /// Whole days since the warm-up began.
    func warmupDay(at instant: SimulatedInstant) -> Int { Int((instant - created) / .day) }

    /// The warm-up of the last seven days, the oldest first, today's until now; empty without warm-up.
    func warmup(at instant: SimulatedInstant) -> [WarmupCounts] {
        guard isWarming else { return [] }
        let today = warmupDay(at: instant)
        let part = (instant - created) / .day - Double(today)
        return (max(0, today - 6)...max(0, today)).map { warmup(ofDay: $0, part: $0 == today ? part : 1) }
    }

    /// Two messages more each day up to the limit; the spam rate falls towards `spam` within weeks.
    ///
    /// `part` is the elapsed share of the day, 0 to 1.
    private func warmup(ofDay day: Int, part: Double) -> WarmupCounts {
        let sent = Int(Double(min(warmupLimit, 4 + 2 * day)) * part)
        let distrust = spam + 0.3 / (1 + Double(day) / 4)
        let junk = Int(Double(sent) * distrust + 0.5)
        let promotions = (sent - junk) / 20
        return WarmupCounts(
            sent: sent,
            inbox: sent - junk - promotions,
            spam: junk,
            promotions: promotions,
            received: sent * 9 / 10,
            replied: sent * 3 / 10,
            opened: sent * 6 / 10
        )
    }
}

/// The statistics of a mailbox until an instant.
package struct MailboxStatistics: Sendable, Hashable {
    /// Campaign messages it has sent, and those of them that bounced; neither falls.
    package var sent = 0, bounced = 0
    /// Campaign messages it has sent since midnight.
    package var sentToday = 0
    package var received = 0
    /// Days since its warm-up began.
    package var warmupDay = 0
    /// Its warm-up of the last seven days, the oldest first.
    package var warmup: [WarmupCounts] = []

    package var warmupTotal: WarmupCounts { warmup.reduce(WarmupCounts(), +) }

    /// The percentage of the warm-up messages delivered to an inbox; `nil` if none was sent.
    package var healthScore: Int? {
        let total = warmupTotal
        return total.sent == 0 ? nil : (total.inbox * 200 + total.sent) / (total.sent * 2)
    }

    /// The share of the campaign messages that bounced, 0 to 1 in steps of 0.0001.
    package var bounceRate: Double { sent == 0 ? 0 : Double(bounced * 10_000 / sent) / 10_000 }
}

/// The warm-up messages of one day.
package struct WarmupCounts: Sendable, Hashable {
    /// Messages sent; `inbox`, `spam` and `promotions` add up to it.
    package var sent = 0, inbox = 0, spam = 0, promotions = 0
    /// Messages of the other mailboxes that arrived, and those answered and opened by them.
    package var received = 0, replied = 0, opened = 0

    static func + (left: WarmupCounts, right: WarmupCounts) -> WarmupCounts {
        WarmupCounts(
            sent: left.sent + right.sent,
            inbox: left.inbox + right.inbox,
            spam: left.spam + right.spam,
            promotions: left.promotions + right.promotions,
            received: left.received + right.received,
            replied: left.replied + right.replied,
            opened: left.opened + right.opened
        )
    }
}
