// SPDX-License-Identifier: Apache-2.0

/// What can go wrong at a provider; the raw value is the name that `--simulator.faults` and `POST /faults` take.
package enum Fault: String, Sendable, Hashable, CaseIterable {
    /// Every call is answered 429.
    case rateLimit = "rate-limit"
    /// Every call is answered 401, as with a revoked key.
    case unauthorized
    /// Every call is answered 402, as with a lapsed plan.
    case paymentRequired = "payment-required"
    /// Every call is answered 500.
    case serverError = "server-error"
    /// Every answer comes two seconds late.
    case slow
    /// No answer ever comes.
    case hang
    /// Every body ends in the middle.
    case truncate
    /// Every answer is a page of HTML with status 200.
    case notJSON = "not-json"
    /// Every call is sent to another host.
    case redirect
    /// Every connection is closed without an answer.
    case dropConnection = "drop-connection"
    /// Listings lead from their last page back to the first.
    case endlessCursor = "endless-cursor"
    /// A third of the fields are missing from every object, always the same; what identifies a row stays.
    case missingFields = "missing-fields"
    /// Every number is a string.
    case numbersAsStrings = "numbers-as-strings"
    /// Every row of every list comes twice.
    case duplicateRows = "duplicate-rows"
    /// Every counter of three or more is a little lower as long as this is on.
    case countersFall = "counters-fall"
    /// Every counter starts again from zero at the moment when this is switched on; switching it off restores nothing.
    case countersReset = "counters-reset"
    /// Every fourth campaign is gone.
    case campaignVanishes = "campaign-vanishes"
    /// The listing's first page comes, any further page is answered 500; a listing of one page breaks in two.
    case partialList = "partial-list"
    /// Four in ten messages sent from now on bounce.
    case bounceStorm = "bounce-storm"
    /// Nobody replies from now on.
    case replyDrought = "reply-drought"
}
