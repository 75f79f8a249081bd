// SPDX-License-Identifier: Apache-2.0

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
