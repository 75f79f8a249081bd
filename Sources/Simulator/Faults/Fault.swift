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

/// A fault and where it strikes: `server-error` everywhere, `lemlist:server-error` at one provider.
package struct FaultRule: Sendable, Hashable, CustomStringConvertible {
    /// A name that means no fault or no provider.
    package struct Unknown: Error, Equatable, CustomStringConvertible {
        /// The text that was not understood.
        package let text: String

        /// What is wrong, with all the names that would be right.
        package var description: String {
            let faults = Fault.allCases.map(\.rawValue).joined(separator: ", ")
            let platforms = Platform.allCases.map(\.rawValue).joined(separator: ", ")
            return
                "unknown fault \"\(text)\"; known are \(faults), each alone or behind one of \(platforms) and a colon"
        }
    }

    /// The provider that it strikes, `nil` for all.
    package let platform: Platform?
    /// What goes wrong.
    package let fault: Fault

    /// A fault at one provider or at all.
    package init(_ fault: Fault, on platform: Platform? = nil) {
        self.fault = fault
        self.platform = platform
    }

    /// Reads `name` or `provider:name`.
    package init(_ text: some StringProtocol) throws(Unknown) {
        let parts = String(text).split(separator: ":" as Character, maxSplits: 1, omittingEmptySubsequences: false)
            .map(String.init)
        let platform = parts.count == 2 ? Platform(rawValue: parts[0]) : nil
        guard let name = parts.last, let fault = Fault(rawValue: name), (platform == nil) == (parts.count == 1) else {
            throw Unknown(text: String(text))
        }
        self.init(fault, on: platform)
    }

    /// Reads a list separated by commas, as `--simulator.faults` takes it; empty for none.
    package static func list(_ text: String) throws(Unknown) -> [FaultRule] {
        var rules: [FaultRule] = []
        for part in text.split(separator: "," as Character) {
            rules.append(try FaultRule(part.filter { $0 != " " }))
        }
        return rules
    }

    /// The rule as it is written.
    package var description: String {
        (platform.map { "\($0.rawValue):" } ?? "") + fault.rawValue
    }

    /// Whether it strikes a provider.
    func strikes(_ other: Platform) -> Bool { platform == nil || platform == other }
}
