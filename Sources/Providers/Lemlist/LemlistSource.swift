// SPDX-License-Identifier: Apache-2.0

package import Collection
package import HTTPClient
package import Backfill
internal import Outreach
internal import Synchronization

/// A lemlist team as the collector asks it.
struct LemlistSource: AccountSource {
    private let account: AccountSettings
    private let api: LemlistAPI
    private let batchSwitch = LemlistBatchSwitch()
    private let now: @Sendable () -> Timestamp

    /// As many as the batch route takes.
    let detailBatch = 100
    /// The listing holds no number that moves, and a batch is cheap.
    let listingShowsChange = false

    /// Prepares an account's calls.
    init(
        account: AccountSettings,
        gate: RequestGate,
        transport: any Transport,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.account = account
        self.now = now
        api = LemlistAPI(account: account, gate: gate, transport: transport, now: now)
    }

    func probe() async throws(APIError) {
        _ = try await api.users()
    }

    func listing() async throws(APIError) -> SourceResult<[ListedCampaign]> {
        LemlistMapping.listing(try await api.campaigns())
    }

    func details(of campaigns: [String]) async throws(APIError) -> SourceResult<[String: Result<Campaign, APIError>]> {
        SourceResult(try await details(of: campaigns, until: now().day, steps: account.steps))
    }

    /// Asks in a batch, and one by one for those that the batch leaves out, what was counted until a day ends.
    func details(
        of campaigns: [String],
        until day: String,
        steps: Bool
    ) async throws(APIError) -> [String: Result<Campaign, APIError>] {
        let asked = Set(campaigns)
        let stats = try await batch(of: campaigns, until: day)
        var details: [String: Result<Campaign, APIError>] = [:]
        for row in stats {
            guard let id = row.campaign, asked.contains(id) else { continue }
            details[id] = .success(LemlistMapping.detail(id, row, steps: steps))
        }
        let single = try await campaigns.filter { details[$0] == nil }.details { id async throws(APIError) in
            LemlistMapping.detail(id, try await api.stats(of: id, until: day), steps: steps)
        }
        return details.merging(single) { batched, _ in batched }
    }

    /// The batch's results; none where the route is not available.
    private func batch(of campaigns: [String], until day: String) async throws(APIError) -> [LemlistStats] {
        guard batchSwitch.isOn(at: now()) else { return [] }
        do throws(APIError) {
            return try await api.batch(of: campaigns, until: day)
        } catch {
            guard case .rejected(let status, _) = error, [400, 404, 405].contains(status) else { throw error }
            batchSwitch.turnOff(at: now())
            return []
        }
    }

    func mailboxes() async throws(APIError) -> SourceResult<MailboxGroup> {
        guard account.mailboxes else { return SourceResult(MailboxGroup()) }
        let users = try await api.users().unrepeated()
        let rows = try await users.concurrently { user async throws(APIError) in
            try await api.mailboxes(of: user)
        }
        let mailboxes = try await rows.flatMap(\.self).unrepeated().concurrently { row async throws(APIError) in
            LemlistMapping.mailbox(row, try await lemwarm(of: row))
        }
        return SourceResult(MailboxGroup(mailboxes: mailboxes.compactMap(\.self)))
    }

    /// A mailbox that does not warm up has no score that moves.
    private func lemwarm(of mailbox: LemlistMailbox) async throws(APIError) -> LemlistLemwarm? {
        guard mailbox.hasLemwarm, mailbox.isWarming != false, let id = mailbox.id else { return nil }
        return try await api.lemwarm(of: id)
    }

    /// lemlist has no checks of domains.
    func domainChecks(for mailboxes: [Mailbox]) async throws(APIError) -> [DomainCheck]? {
        nil
    }
}

/// A lemlist team's past: the same stats as ever, until an earlier day ends.
struct LemlistHistory: AccountHistory {
    let source: LemlistSource

    func parts(steps: Bool) -> [HistoryPart] {
        [
            HistoryPart("stats", batch: source.detailBatch) { campaigns, days, advance throws(APIError) in
                try await Bisection(days, advance: advance) { day, campaigns throws(APIError) in
                    let last = "\(day.advanced(by: -1))"
                    return try await source.details(of: campaigns, until: last, steps: steps)
                        .compactMapValues { try? $0.get() }.mapValues { Totals($0) }
                }
                .pasts(of: campaigns)
            }
        ]
    }
}

/// lemlist.
package enum Lemlist: ProviderKind {
    package static let name = "lemlist"
    package static let title = "lemlist"
    package static let keyVariable = "LEMLIST_API_KEY"
    package static let baseURL = "https://api.lemlist.com/api"
    /// The documented limit is 20 requests in 2 seconds.
    package static let requestsPerSecond = 8.0

    package static let options = [
        ProviderOption("channels", .list(of: ["email", "linkedin", "others"]), "Count only these channels."),
        ProviderOption(
            "send_user",
            .text(check: sendUserProblem),
            "Count only what this sender sent, as `usr_…|address`."
        ),
        ProviderOption("ab_selected", .choice(["A", "B"]), "Count only this version of A/B tests."),
    ]

    package static let fields =
        LemlistMapping.labels.map(\.source) + LemlistMapping.listed.sources + LemlistMapping.stats.sources
        + LemlistMapping.steps.sources + LemlistMapping.mailbox.sources + LemlistMapping.lemwarm.sources

    package static func source(
        for account: AccountSettings,
        gate: RequestGate,
        transport: any Transport
    ) -> any AccountSource {
        LemlistSource(account: account, gate: gate, transport: transport, now: { .now })
    }

    package static func history(
        of account: AccountSettings,
        gate: RequestGate,
        transport: any Transport
    ) -> (any AccountHistory)? {
        LemlistHistory(
            source: LemlistSource(account: account, gate: gate, transport: transport, now: { .now })
        )
    }

    private static func sendUserProblem(_ text: String) -> String? {
        let parts = text.split(separator: "|", omittingEmptySubsequences: false)
        let isComplete = parts.count == 2 && parts[0].hasPrefix("usr_") && parts[1].contains("@")
        return isComplete ? nil : "must be `usr_…|address`, the sender's id and address"
    }
}

/// Remembers that an account's batch route is not available, so that it is asked for again only once an hour.
final class LemlistBatchSwitch: Sendable {
    private static let pause = 3_600.0

    private let offUntil = Mutex(Timestamp(seconds: 0))

    /// Whether the batch route is worth a try.
    func isOn(at now: Timestamp) -> Bool {
        offUntil.withLock { $0 <= now }
    }

    /// Notes that the route is not there.
    func turnOff(at now: Timestamp) {
        offUntil.withLock { $0 = Timestamp(seconds: now.seconds + Self.pause) }
    }
}
