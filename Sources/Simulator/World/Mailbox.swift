// SPDX-License-Identifier: Apache-2.0

/// What is settled about a mailbox from the start.
package struct MailboxPlan: Sendable {
    /// How it is doing, in words that each provider spells in its own way.
    package enum State: Sendable { case active, paused, failing }

    /// Its number within the account, from 0.
    package let index: Int
    /// The provider's id; Instantly knows mailboxes by address alone.
    package let id: String
    /// The sender's first and last name.
    package let (firstName, lastName): (String, String)
    /// The part of the address behind the `@`.
    package let domain: String
    /// Who hosts it: 0 Google, 1 Microsoft, 2 another.
    package let host: Int
    /// How it is doing.
    package let state: State
    /// Whether it is being warmed up.
    package let isWarming: Bool
    /// When it was connected and its warm-up began; a moment of the world's past.
    package let created: Moment
    /// Messages it may send a day.
    package let dailyLimit: Int

    /// How it is trusted in the long run: the share of its warm-up messages that end in spam.
    let spam: Double

    /// The sender's address.
    package var address: String { "\(firstName.lowercased()).\(lastName.lowercased())@\(domain)" }

    /// The checks that the domain's records pass, by name; the third domain of an account has no DKIM yet.
    package var checks: [(name: String, passed: Bool)] {
        let signed = index % 3 != 2
        return [("mx", true), ("spf", true), ("dkim", signed), ("dmarc", signed)]
    }
}

extension MailboxPlan {
    private static let firstNames = [
        "Anna", "Ben", "Chloe", "David", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas",
    ]
    private static let lastNames = ["Berg", "Costa", "Dupont", "Ek", "Fischer", "Garcia", "Horvat"]

    /// Draws the mailbox with this number.
    ///
    /// - Parameters:
    ///   - index: its number within the account.
    ///   - platform: whose ids it bears.
    ///   - seed: the account's.
    ///   - epoch: where the world's past ends.
    init(_ index: Int, on platform: Platform, seed: UInt64, epoch: Moment) {
        var dice = SeededGenerator(seed, 2, UInt64(index))
        var site = SeededGenerator(seed, 3, UInt64(index % 3))
        let names = MailboxPlan.firstNames
        let surnames = MailboxPlan.lastNames
        let round = index / (names.count * surnames.count)
        self.index = index
        id = platform == .lemlist ? Identifier.meteor("usm", &dice) : Identifier.objectID(&dice)
        firstName = names[index % names.count]
        lastName = surnames[index / names.count % surnames.count] + (round == 0 ? "" : String(round + 1))
        domain = "\(["try", "get", "hello"][index % 3])-\(site.text(5, of: "bcdfglmnprstaeiou")).example"
        host = index % 5 == 4 ? 2 : index % 2
        state = index % 8 == 5 ? .failing : index % 8 == 7 ? .paused : .active
        isWarming = index % 4 != 3
        created = epoch - dice.between(3..<60) * .day
        dailyLimit = 30 + Int(dice.next() % 5) * 10
        spam = dice.between(0.01..<0.08)
    }
}

extension MailboxPlan {
    /// Days since the warm-up began.
    func warmupDay(at moment: Moment) -> Int { Int((moment - created) / .day) }

    /// The warm-up of the last seven days, today's until now, the oldest first; empty where there is none.
    func warmup(at moment: Moment) -> [WarmupDay] {
        guard isWarming else { return [] }
        let today = warmupDay(at: moment)
        let part = (moment - created) / .day - Double(today)
        return (max(0, today - 6)...max(0, today)).map { warmup(ofDay: $0, part: $0 == today ? part : 1) }
    }

    /// Two messages more each day up to the limit; trust grows within the first weeks.
    private func warmup(ofDay day: Int, part: Double) -> WarmupDay {
        let sent = Int(Double(min(dailyLimit, 4 + 2 * day)) * part)
        let distrust = spam + 0.3 / (1 + Double(day) / 4)
        let junk = Int(Double(sent) * distrust + 0.5)
        let promotions = (sent - junk) / 20
        return WarmupDay(
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

/// Every number of a mailbox at a moment.
package struct MailboxNumbers: Sendable, Hashable {
    /// Campaign messages it has sent, and those of them that bounced; neither falls.
    package var sent = 0, bounced = 0
    /// Campaign messages it has sent since midnight.
    package var sentToday = 0
    /// Messages it has received.
    package var received = 0
    /// Days since its warm-up began.
    package var warmupDay = 0
    /// Its warm-up of the last seven days, the oldest first.
    package var warmup: [WarmupDay] = []

    /// The warm-up of these days together.
    package var warmupTotal: WarmupDay { warmup.reduce(WarmupDay(), +) }

    /// The percentage of the warm-up messages that landed in an inbox; `nil` where none was sent.
    package var healthScore: Int? {
        let total = warmupTotal
        return total.sent == 0 ? nil : (total.inbox * 200 + total.sent) / (total.sent * 2)
    }

    /// The share of the campaign messages that bounced.
    package var bounceRate: Double { sent == 0 ? 0 : Double(bounced * 10_000 / sent) / 10_000 }
}

/// The warm-up messages of one day.
package struct WarmupDay: Sendable, Hashable {
    /// Messages sent; `inbox`, `spam` and `promotions` add up to it.
    package var sent = 0, inbox = 0, spam = 0, promotions = 0
    /// Messages of the other mailboxes that arrived, and those answered and opened by them.
    package var received = 0, replied = 0, opened = 0

    static func + (left: WarmupDay, right: WarmupDay) -> WarmupDay {
        WarmupDay(
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
