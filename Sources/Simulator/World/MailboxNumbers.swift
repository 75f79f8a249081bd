// SPDX-License-Identifier: Apache-2.0

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
