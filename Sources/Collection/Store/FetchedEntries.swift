// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// A value with the time of the request for it.
struct Fetched<Value: Sendable>: Sendable {
    let value: Value
    let fetched: Instant

    /// The value if it was requested after `oldest`.
    func value(since oldest: Instant) -> Value? { fetched > oldest ? value : nil }
}

/// Entries that are fetched together, each with the time at which it was last complete.
///
/// An entry that a failed request left out, or left incomplete, keeps its last value until that is too old.
struct FetchedEntries<Entry: Sendable>: Sendable {
    /// By the entry's identity.
    private(set) var entries: [String: Fetched<Entry>] = [:]
    /// When the entries were last requested.
    private(set) var fetched: Instant

    /// Restores saved entries; those without a time of their own were complete at the last request.
    init(_ entries: [String: Entry], times: [String: Instant] = [:], fetched: Instant) {
        self.fetched = fetched
        self.entries = entries.reduce(into: [:]) { all, entry in
            all[entry.key] = Fetched(value: entry.value, fetched: times[entry.key] ?? fetched)
        }
    }

    /// All entries, in the order of their identities.
    var sorted: [Entry] { entries.sorted { $0.key < $1.key }.map(\.value.value) }

    /// The entries that were complete after `oldest`.
    func values(since oldest: Instant) -> [Entry] {
        entries.values.filter { $0.fetched > oldest }.map(\.value)
    }

    /// The different times at which entries were last complete.
    var times: [Instant] { Array(Set(entries.values.map(\.fetched))) }

    /// The entries whose time is not that of the last request, with that time.
    var earlier: [String: Instant] { entries.mapValues(\.fetched).filter { $0.value != fetched } }

    /// The entries after another request, made at `asked`, that returned `new`.
    ///
    /// Entries that are not in `new` are gone if it is complete. A value that was complete before `oldest` is too old to be
    /// kept until the next request. Entries for which a further request failed are `incomplete`: `completed` gives a new
    /// entry the values of its predecessor that it lacks.
    func replaced(
        by new: [String: Entry],
        incomplete: Set<String> = [],
        isComplete: Bool,
        at asked: Instant,
        keepingSince oldest: Instant,
        completed: (Entry, Entry) -> Entry = { new, _ in new }
    ) -> FetchedEntries {
        var result = FetchedEntries(new, fetched: asked)
        for (key, last) in entries where last.fetched > oldest {
            if let entry = new[key] {
                guard incomplete.contains(key) else { continue }
                result.entries[key] = Fetched(value: completed(entry, last.value), fetched: last.fetched)
            } else if !isComplete {
                result.entries[key] = last
            }
        }
        return result
    }
}

extension Dictionary where Key == String {
    /// The keys in the order of a time: first those without one, then the oldest; equal ones in their own order.
    func oldestFirst(by time: (Value) -> Instant?) -> [String] {
        map { (key: $0.key, time: time($0.value)) }.sorted { left, right in
            switch (left.time, right.time) {
            case (nil, _?): true
            case (_?, nil): false
            case (let first?, let second?) where first != second: first < second
            default: left.key < right.key
            }
        }
        .map(\.key)
    }
}

extension Mailbox {
    /// The mailbox with the values of its predecessor that it lacks.
    func completed(by last: Mailbox) -> Mailbox {
        var mailbox = self
        mailbox.service = service ?? last.service
        mailbox.status = status ?? last.status
        mailbox.warmupStatus = warmupStatus ?? last.warmupStatus
        mailbox.measures = last.measures
        mailbox.measures.merge(measures)
        mailbox.placements = last.placements.merging(placements) { _, new in new }
        return mailbox
    }
}

extension MailboxGroup {
    var mailboxesByAddress: [String: Mailbox] {
        Dictionary(mailboxes.map { ($0.address, $0) }) { _, last in last }
    }
}

extension [DomainCheck] {
    var byIdentity: [String: DomainCheck] {
        Dictionary(map { ($0.identity, $0) }) { _, last in last }
    }
}
