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
