// SPDX-License-Identifier: Apache-2.0

/// A part of the page whose content changes account by account: provider data, collection state.
///
/// No family may be in two sections.
package protocol Section: Sendable {
    /// What `write` needs to know about an account.
    associatedtype Content: Sendable

    /// Every family of the section, in the order of the page.
    var families: [MetricFamily] { get }

    /// A number that differs after every change of an entry.
    var version: UInt64 { get }

    /// The version now and after every change; a slow consumer sees only the newest.
    func changes() -> AsyncStream<UInt64>

    /// The present content in the order of the page: of the accounts of these names, `nil` for everything.
    ///
    /// The name of the entry that concerns no account is empty.
    func entries(of accounts: Set<String>?) -> [SectionEntry<Content>]

    /// Writes the samples of consecutive entries: opens every family of the section in order, and in each writes the
    /// samples of the entries in order.
    func write(_ contents: [Content], to writer: inout ExpositionWriter)
}

/// The content of a section for one account at a moment.
package struct SectionEntry<Content: Sendable>: Sendable {
    /// The account's name; empty for the one entry that concerns no account.
    package let account: String
    /// Differs after every change of the content.
    package let version: UInt64
    /// The number of samples in the largest families.
    package let rows: Int
    package let content: Content

    package init(account: String, version: UInt64, rows: Int, content: Content) {
        (self.account, self.version, self.rows, self.content) = (account, version, rows, content)
    }

    /// What tells whether the entry has changed.
    var stamp: EntryStamp { EntryStamp(account: account, version: version) }
}

/// An account and the version of its content.
struct EntryStamp: Sendable, Hashable {
    let account: String
    let version: UInt64
}

/// The part of the page that changes with every scrape: the process.
package protocol LiveSection: Sendable {
    func write(to writer: inout ExpositionWriter)
}
