// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// The campaigns that should send: since when each stands still, and what the provider says about it.
struct SendingTracker: Sendable {
    /// A campaign that should send.
    struct Entry: Sendable {
        /// The messages that it had sent when it was last looked at.
        let sent: Double
        /// Since when it has not sent another one, as far as that was seen.
        let since: Instant
        /// Whether that is long enough to ask for the reason.
        var isStill = false
        /// The reason that the listing tells.
        var listed: SendingStatus?
        /// When the provider was last asked for the reason, since it stands still.
        var asked: Instant?
        /// What it answered; `nil` if it tells none.
        var answer: SendingStatus?
    }

    /// The time after which the provider is asked again about a campaign that still stands still.
    private static let period = Duration.seconds(3600)
    fileprivate static let maximumAge = period * 3

    private(set) var entries: [String: Entry]
    /// The reasons of the last listing by campaign id.
    private var listed: [String: SendingStatus] = [:]

    init(_ entries: [String: Entry] = [:]) {
        self.entries = entries
    }

    /// How long a campaign may send nothing before a reason is looked for: six intervals, at most an hour.
    static func patience(interval: Duration) -> Duration { min(interval * 6, .seconds(3600)) }

    /// Takes over the reasons of a complete listing.
    mutating func list(_ rows: [ListedCampaign]) {
        listed = rows.reduce(into: [:]) { $0[$1.campaign.id] = $1.sending }
    }

    /// Looks at the campaigns of an account; one that has sent a message, or should send none, is forgotten.
    mutating func observe(_ campaigns: [Campaign], patience: Duration, at now: Instant) {
        entries = campaigns.reduce(into: [:]) { kept, campaign in
            guard campaign.status?.shouldSend == true, let sent = campaign.measures[.messagesSent] else { return }
            let known = entries[campaign.id].flatMap { $0.sent == sent ? $0 : nil }
            var entry = known ?? Entry(sent: sent, since: now)
            entry.isStill = now - entry.since >= patience
            entry.listed = listed[campaign.id]
            kept[campaign.id] = entry
        }
    }

    /// The campaigns that stand still and whose reason is to be asked for: those that never were first, then the longest ago.
    ///
    /// Where the listing says that a campaign is out of its schedule, that is all there is to know.
    func due(at now: Instant) -> [String] {
        entries.filter { _, entry in
            entry.isStill && entry.listed?.isOutOfSchedule != true
                && (entry.asked.map { now - $0 >= Self.period } ?? true)
        }
        .oldestFirst(by: \.asked)
    }

    /// Records what the provider answered about a campaign.
    mutating func record(_ answer: SendingStatus?, of campaign: String, at asked: Instant) {
        entries[campaign]?.asked = asked
        entries[campaign]?.answer = answer
    }

    /// The campaign with the reason for which it stands still, if it does and one is known.
    func explained(_ campaign: Campaign, at now: Instant) -> Campaign {
        guard let entry = entries[campaign.id], entry.isStill, let status = entry.status(at: now) else {
            return campaign
        }
        var campaign = campaign
        campaign.sending = status
        campaign.measures.merge(status.measures)
        return campaign
    }
}

extension SendingTracker.Entry {
    /// The reason: the answer, which tells more than the listing, unless it is too old or the schedule is over by now.
    fileprivate func status(at now: Instant) -> SendingStatus? {
        guard listed?.isOutOfSchedule != true, let asked, now - asked < SendingTracker.maximumAge else { return listed }
        return answer ?? listed
    }
}

extension AccountData {
    /// Records a complete listing.
    ///
    /// What its rows tell about sending changes with the hour, and no detail with it: the tracker does not see it.
    mutating func list(_ rows: [ListedCampaign], at asked: Instant, confirmsDetail: Bool) {
        sending.list(rows)
        let rows = rows.map { row in
            var row = row
            row.sending = nil
            return row
        }
        tracker.list(rows, at: asked, confirmsDetail: confirmsDetail)
    }
}

extension AccountSnapshot {
    /// A campaign that should send, as it is stored.
    struct SendingSnapshot: Sendable, Hashable, Codable {
        let sent: Double
        let since: Timestamp
        let isStill: Bool
        let listed: SendingStatus?
        let asked: Timestamp?
        let answer: SendingStatus?

        init(_ entry: SendingTracker.Entry, _ time: ClockReading) {
            sent = entry.sent
            since = time.timestamp(entry.since)
            isStill = entry.isStill
            listed = entry.listed
            asked = entry.asked.map(time.timestamp)
            answer = entry.answer
        }

        func entry(_ time: ClockReading) -> SendingTracker.Entry {
            SendingTracker.Entry(
                sent: sent,
                since: time.instant(since),
                isStill: isStill,
                listed: listed,
                asked: asked.map(time.instant),
                answer: answer
            )
        }
    }
}
