// SPDX-License-Identifier: Apache-2.0

/// What can go wrong at a provider; the raw value is the name that `--simulator.faults` and `POST /faults` take.
package enum Fault: String, Sendable, Hashable, CaseIterable {
    /// Every request is answered with 429.
    case rateLimit = "rate-limit"
    /// Every request is answered with 401, as with a revoked key.
    case unauthorized
    /// Every request is answered with 402, as with a lapsed plan.
    case paymentRequired = "payment-required"
    /// Every request is answered with 500.
    case serverError = "server-error"
    /// Every response is delayed by two seconds.
    case slow
    /// No response is ever sent.
    case hang
    /// Every body is cut off after half of its bytes.
    case truncate
    /// Every response is an HTML page with status 200.
    case notJSON = "not-json"
    /// Every request is redirected to another host with 302.
    case redirect
    /// Every connection is closed without a response.
    case dropConnection = "drop-connection"
    /// The last page of a listing refers to the first as its next.
    case endlessCursor = "endless-cursor"
    /// A third of the fields, always the same, is missing from every object; identifiers stay.
    case missingFields = "missing-fields"
    /// Every number is a string.
    case numbersAsStrings = "numbers-as-strings"
    /// Every row of every list appears twice.
    case duplicateRows = "duplicate-rows"
    /// Every counter of at least 3 is lower by about 1 % while this is active.
    case countersFall = "counters-fall"
    /// Every counter starts again from zero when this is switched on; switching it off restores nothing.
    case countersReset = "counters-reset"
    /// Every fourth campaign is missing.
    case campaignVanishes = "campaign-vanishes"
    /// Any page of a listing but the first is answered with 500; a listing of one page is split in two.
    case partialList = "partial-list"
    /// 40 % of the messages sent while this is active bounce.
    case bounceStorm = "bounce-storm"
    /// No reply arrives while this is active.
    case replyDrought = "reply-drought"
    /// The routes that list mailboxes are answered with 403; at lemlist those of the users, the team stays.
    case refusedMailboxes = "refused-mailboxes"
    /// The routes of warm-up are answered with 403.
    case refusedWarmup = "refused-warmup"
    /// Instantly's domain checks are answered with 402.
    case refusedVitals = "refused-vitals"
    /// The routes of single campaigns' numbers, and lemlist's batch of them, are answered with 403.
    case refusedDetails = "refused-details"
    /// lemlist's batch of campaigns is answered with 403.
    case refusedBatch = "refused-batch"
    /// The routes of labels that are not in the listing are answered with 403: Instantly's tags, SendKit's workspaces.
    case refusedLabels = "refused-labels"
    /// The routes that tell why a campaign does not send are answered with 403.
    case refusedSendingStates = "refused-sending-states"
    /// The routes of the account's plan are answered with 403.
    case refusedPlanLimits = "refused-plan-limits"
    /// One secondary request for mailboxes is answered with 500: the first mailbox's warm-up, lemlist's second user.
    case partialMailboxes = "partial-mailboxes"
    /// The first mailbox has no e-mail address.
    case rowWithoutAddress = "row-without-address"
    /// The steps of Instantly's first campaign are answered with 500, its overview is not.
    case stepsFail = "steps-fail"
    /// lemlist's batch of campaigns is answered with an HTML page and status 200.
    case batchHTML = "batch-html"
    /// lemlist's batch of campaigns is answered with an empty body and status 200.
    case batchEmpty = "batch-empty"
    /// lemlist's batch of campaigns is answered with 410.
    case batchGone = "batch-gone"
    /// Instantly's analytics are `null`.
    case analyticsNull = "analytics-null"
    /// Instantly's analytics are an object: `{"items": […]}`.
    case analyticsItems = "analytics-items"
    /// Instantly's analytics are an empty body with status 200.
    case emptyBody = "empty-body"
    /// Instantly's analytics are never sent unless the request excludes the count of leads.
    case slowAnalytics = "slow-analytics"
    /// lemlist's listing has no `pagination`.
    case noPagination = "no-pagination"
    /// SendKit's analytics have the fields of `stats` beside it, not in it.
    case flattenedStats = "flattened-stats"
    /// SendKit's analytics have `statistics` instead of `stats`.
    case renamedStats = "renamed-stats"
    /// SendKit's `statusBreakdown` is a list of `{"_id": …, "count": …}`.
    case statusBreakdownList = "status-breakdown-list"
    /// Every request is answered with `{"error": "Invalid API key"}` and status 200.
    case errorAsSuccess = "error-as-success"
    /// Every request is answered with `{"success": false, "message": "something broke"}` and status 200.
    case successFalse = "success-false"
    /// Every request is answered with plain text under JSON's content type and status 200.
    case textAsJSON = "text-as-json"
    /// Every request is answered by a CDN that blocks the client: 403 and `error code: 1010`.
    case blocked1010 = "blocked-1010"
    /// Every request is answered by a CDN that wants a browser: 403 and a challenge in HTML.
    case blockedChallenge = "blocked-challenge"
    /// Every request is answered by a CDN that does not reach the provider: 522 and an HTML page.
    case blocked522 = "blocked-522"
    /// Every request is answered with an encoding that nobody asked for and bytes that nobody can decode.
    case brotli
    /// Every request is answered with JSON nested 100,000 deep.
    case nestedJSON = "nested-json"
    /// Every request is answered with a list of 700,000 zeros.
    case manyValues = "many-values"
    /// Every number but ids is `1e400`, more than a computer's numbers hold.
    case hugeNumbers = "huge-numbers"
    /// A listing has one more campaign, whose id is 100 kB of slashes and line breaks.
    case longID = "long-id"
    /// Every campaign of a listing comes with 300 kB of text.
    case hugeRows = "huge-rows"
    /// Instantly counts steps from 0.
    case stepsFromZero = "steps-from-zero"
    /// Instantly's steps have further rows whose step and variant are `\N`, `N/A` or empty.
    case stepLiterals = "step-literals"
    /// Every day of a daily route is told in two rows that add up to it.
    case duplicateDays = "duplicate-days"
    /// The days of a daily route end with a row that has no date.
    case dayWithoutDate = "day-without-date"
    /// The name of the first campaign ends with half of a surrogate pair.
    case loneSurrogate = "lone-surrogate"
    /// SendKit's steps without a variant have an empty one instead of `null`.
    case emptyVariant = "empty-variant"
    /// An end date without a time includes its day.
    case inclusiveEndDate = "inclusive-end-date"
}

/// A fault and its scope: `server-error` at all providers, `lemlist:server-error` at one.
package struct FaultRule: Sendable, Hashable, CustomStringConvertible {
    /// The error for a text that names no fault or no provider.
    package struct Unknown: Error, Equatable, CustomStringConvertible {
        package let text: String

        /// What is wrong, with all the names that would be right.
        package var description: String {
            let faults = Fault.allCases.map(\.rawValue).joined(separator: ", ")
            let providers = SimulatedProvider.allCases.map(\.rawValue).joined(separator: ", ")
            return
                "unknown fault \"\(text)\"; known are \(faults), each alone or after one of \(providers) and a colon"
        }
    }

    /// The provider it applies to; `nil` for all.
    package let provider: SimulatedProvider?
    package let fault: Fault

    /// Creates a rule for one provider, or for all.
    package init(_ fault: Fault, on provider: SimulatedProvider? = nil) {
        self.fault = fault
        self.provider = provider
    }

    /// Reads `name` or `provider:name`.
    package init(_ text: some StringProtocol) throws(Unknown) {
        let parts = String(text).split(separator: ":" as Character, maxSplits: 1, omittingEmptySubsequences: false)
            .map(String.init)
        let provider = parts.count == 2 ? SimulatedProvider(rawValue: parts[0]) : nil
        guard let name = parts.last, let fault = Fault(rawValue: name), (provider == nil) == (parts.count == 1) else {
            throw Unknown(text: String(text))
        }
        self.init(fault, on: provider)
    }

    /// Reads a list separated by commas, as `--simulator.faults` takes it; empty for none.
    package static func list(_ text: String) throws(Unknown) -> [FaultRule] {
        try text.split(separator: "," as Character).map { part throws(Unknown) in
            try FaultRule(part.filter { $0 != " " })
        }
    }

    /// The text form: `name` or `provider:name`.
    package var description: String {
        (provider.map { "\($0.rawValue):" } ?? "") + fault.rawValue
    }

    func applies(to other: SimulatedProvider) -> Bool { provider == nil || provider == other }
}
