// SPDX-License-Identifier: Apache-2.0

package import Outreach

/// An event of an account's collection: one line of the log, without secrets.
///
/// A change of state is reported once, a lasting failure once per cycle.
package struct CollectionEvent: Sendable, Hashable {
    package let account: Account
    package let kind: Kind

    package enum Kind: Sendable, Hashable {
        /// The first collection succeeded, or the first one after a failure.
        case up(campaigns: Int, took: Duration, afterFailure: Bool)
        /// A collection failed after a success, or the first one did.
        case down(APIError)
        /// Another collection failed.
        case stillDown(APIError, failures: Int)
        /// The first 429 of a cycle; `rate` is the reduced rate in requests per second.
        case throttled(rate: Double, retryAfter: Duration?)
        /// Data has reached its maximum age and is no longer published.
        case stale(DataPart)
        /// A cycle took longer than the interval; `skipped` starts were missed.
        case slow(took: Duration, interval: Duration, skipped: Int)
        /// The details of these campaigns, of `of` in all, could not be fetched, at least in part.
        case campaignsFailed([String], of: Int, first: APIError)
        /// A part other than the campaigns could not be fetched, or only in part.
        case partFailed(DataPart, APIError, isPartial: Bool)
        /// The provider refuses a part other than the campaigns to the key.
        case partRefused(DataPart, APIError)
        /// A part that was refused or failed is fetched again.
        case partRestored(DataPart)
        /// No row of a response has these fields any more, which the mapping needs.
        case fieldsMissing(route: String, fields: [String])
        /// Rows of a response lack the field that identifies them and are left out.
        case rowsLeftOut(route: String, field: String, count: Int)
        /// A field has values that its metric cannot have, for the first time.
        case valueUnusable(UnusableValue)
        /// `count` campaigns have ids longer than `ListingSelection.maxIdentifierLength` and are not collected.
        case idsTooLong(count: Int)
        /// `count` campaigns exceed the campaign limit and are not collected.
        case campaignsDropped(count: Int, limit: Int)
        /// The account's report exceeded its limits: series were dropped or label values shortened.
        case limited(series: Int, labels: Int)
        /// Counters decreased: small decreases are held, large ones published as a reset.
        case corrected(held: Int, reset: Int)
        /// Data of an earlier run was loaded; `age` is that of its listing.
        case restored(campaigns: Int, age: Duration)
        /// An expression of the campaign selection reached its limit on a name; reported once per expression.
        case expressionUndecided(String)
        /// The stored data could not be read or written.
        case archiveFailed(SnapshotError)
        /// The file of the API key holds another key, which is used from now on.
        case keyReplaced(file: String)
        /// The file of the API key has changed and holds no key: the last one stays in use.
        case keyUnusable(file: String, reason: String)
    }

    /// A name and a value of a log line; the log formats the value, so that all durations look alike.
    package typealias Attribute = (name: String, value: any CustomStringConvertible & Sendable)

    package enum Level: Sendable, Hashable {
        case info, warning, error
    }

    package init(account: Account, kind: Kind) {
        self.account = account
        self.kind = kind
    }

    package var level: Level {
        switch kind {
        case .down, .stillDown: .error
        case .throttled, .stale, .slow, .campaignsFailed, .partFailed, .partRefused, .fieldsMissing, .rowsLeftOut,
            .valueUnusable, .idsTooLong, .campaignsDropped, .limited, .expressionUndecided, .keyUnusable:
            .warning
        case .archiveFailed(let failure): failure.leavesData ? .error : .warning
        case .corrected(_, let reset): reset > 0 ? .warning : .info
        case .up, .restored, .partRestored, .keyReplaced: .info
        }
    }

    /// What happened, without numbers, so that events of the same kind have the same message.
    package var message: String {
        switch kind {
        case .up(_, _, afterFailure: false): "account is up"
        case .up(_, _, afterFailure: true): "account is up again"
        case .down: "collection failed, account is down"
        case .stillDown: "collection failed again, account is still down"
        case .throttled: "the provider asks for fewer requests, pace reduced"
        case .stale(let part): "\(part.rawValue) are too old and no longer shown"
        case .slow: "collection took longer than its interval"
        case .campaignsFailed: "some campaigns could not be fetched, they keep their last data until it is too old"
        case .partFailed(let part, _, isPartial: false):
            "\(part.rawValue) could not be fetched, the last ones stay until they are too old"
        case .partFailed(let part, _, isPartial: true):
            "some \(part.rawValue) could not be fetched, the last ones stay until they are too old"
        case .partRefused(let part, _): "\(part.rawValue) are refused to this key, everything else is collected"
        case .partRestored(let part): "\(part.rawValue) are fetched again"
        case .fieldsMissing: "a field that the provider documents is missing from every row, its metrics have no values"
        case .rowsLeftOut: "rows of an answer lack the field that identifies them and are left out"
        case .valueUnusable: "a value is none that its metric can have, and is left out"
        case .idsTooLong: "campaigns with an id that is too long are not collected"
        case .campaignsDropped: "more campaigns than the limit allows"
        case .limited: "more series or longer labels than the limits allow"
        case .corrected: "totals fell at the provider"
        case .restored: "data of an earlier run restored"
        case .expressionUndecided: "an expression reached its limit on a campaign's name, such campaigns are collected"
        case .archiveFailed(let failure) where failure.leavesData:
            "stored data cannot be read, nothing is stored for the account until a restart"
        case .archiveFailed: "stored data is not usable"
        case .keyReplaced: "another API key is used"
        case .keyUnusable: "the file of the API key holds none, the last key stays in use"
        }
    }

    /// The log line's fields after the message: the account, numbers, the reason and advice.
    package var attributes: [Attribute] {
        [("provider", account.provider), ("account", account.name)] + details
    }

    private var details: [Attribute] {
        switch kind {
        case .up(let campaigns, let took, _): [("campaigns", "\(campaigns)"), ("took", took)]
        case .down(let failure): failure.attributes
        case .partFailed(let part, let failure, _) where failure.isRefusal: Self.refusal(of: part, failure)
        case .partFailed(_, let failure, _): failure.attributes
        case .partRefused(let part, let failure): Self.refusal(of: part, failure)
        case .partRestored: []
        case .fieldsMissing(let route, let fields):
            [("route", route), ("fields", fields.joined(separator: " "))]
                + [("advice", "update the exporter, or report the route and the field")]
        case .rowsLeftOut(let route, let field, let count):
            [("route", route), ("field", field), ("rows", "\(count)")]
        case .stillDown(let failure, let failures): [("failures", "\(failures)")] + failure.attributes
        case .throttled(let rate, let retryAfter): Self.throttling(rate, retryAfter)
        case .stale: []
        case .slow(let took, let interval, let skipped):
            [("took", took), ("interval", interval), ("skipped", "\(skipped)")]
                + [("advice", "raise interval or requests_per_second, or select fewer campaigns")]
        case .campaignsFailed(let ids, let all, let first):
            [("failed", "\(ids.count)"), ("campaigns", "\(all)"), ("ids", Self.list(ids))] + first.attributes
        case .valueUnusable(let value):
            [("route", value.route), ("field", value.field)] + (value.row.map { [("id", $0)] } ?? [])
                + [("advice", "compare with the provider's own page, and report the route and the field")]
        case .idsTooLong(let count):
            [("campaigns", "\(count)"), ("limit", "\(ListingSelection.maxIdentifierLength)")]
        case .campaignsDropped(let count, let limit):
            [("dropped", "\(count)"), ("limit", "\(limit)"), ("advice", "raise campaigns.limit or select fewer")]
        case .limited(let series, let labels):
            [("dropped_series", "\(series)"), ("shortened_labels", "\(labels)")]
                + [("advice", "raise limits.series_per_account or limits.label_value_length, or collect less")]
        case .corrected(let held, let reset): [("held", "\(held)"), ("reset", "\(reset)")]
        case .restored(let campaigns, let age): [("campaigns", "\(campaigns)"), ("age", age)]
        case .expressionUndecided(let expression):
            [("expression", expression), ("advice", "write it without a repetition inside a repetition, like (a+)+")]
        case .archiveFailed(let failure): [("reason", failure.reason), ("advice", failure.advice)]
        case .keyReplaced(let file): [("file", file)]
        case .keyUnusable(let file, let reason):
            [("file", file), ("reason", reason), ("advice", "write the key into the file; no reload is needed")]
        }
    }

    /// The first three ids and how many more there are.
    private static func list(_ ids: [String]) -> String {
        let more = ids.count > 3 ? " and \(ids.count - 3) more" : ""
        return ids.prefix(3).joined(separator: " ") + more
    }

    private static func refusal(of part: DataPart, _ error: APIError) -> [Attribute] {
        let advice = part.switchOff.map { "\(error.advice); or switch it off with \($0)" } ?? error.advice
        return error.location + [("reason", error.text), ("advice", advice), ("retry_after", PartStatus.refusalRetry)]
    }

    private static func throttling(_ rate: Double, _ retryAfter: Duration?) -> [Attribute] {
        [("requests_per_second", "\((rate * 100).rounded() / 100)")]
            + (retryAfter.map { [("retry_after", $0)] } ?? [])
            + [("advice", APIError.throttled(retryAfter: nil).advice)]
    }
}

extension APIError {
    fileprivate var attributes: [CollectionEvent.Attribute] { location + [("reason", text), ("advice", advice)] }

    fileprivate var location: [CollectionEvent.Attribute] { route.map { [("route", $0)] } ?? [] }
}
