// SPDX-License-Identifier: Apache-2.0

import Outreach
import Testing

@testable import Collection

@Suite struct CollectionEventTests {
    private static let refusal = APIError.refused(status: 401, advice: "make a new key with the scope all:read")
    private static let all: [CollectionEvent.Kind] = [
        .up(campaigns: 3, took: .seconds(2), afterFailure: true), .down(refusal), .stillDown(refusal, failures: 3),
        .throttled(rate: 4, retryAfter: .seconds(2)), .stale(.details),
        .slow(took: .seconds(700), interval: .seconds(300), skipped: 2),
        .campaignsFailed(["c1", "c2", "c3", "c4"], of: 3, first: .timedOut),
        .partFailed(.mailboxes, .timedOut, isPartial: false),
        .campaignsDropped(count: 2, limit: 10), .corrected(held: 1, reset: 0),
        .restored(campaigns: 3, age: .seconds(60)), .archiveFailed(SnapshotError(reason: "full", advice: "make room")),
        .expressionUndecided("(a+)+$"), .idsTooLong(count: 1), .rowsLeftOut(route: "/daily", field: "date", count: 2),
    ]

    @Test("Every event names its account first and says what happened in one line", arguments: all)
    func line(kind: CollectionEvent.Kind) {
        let event = CollectionEvent(account: Account(provider: "instantly", name: "acme"), kind: kind)
        #expect(event.attributes.prefix(2).map(\.value.description) == ["instantly", "acme"])
        #expect(!event.message.isEmpty && !event.message.contains("\n"))
        #expect(Set(event.attributes.map(\.name)).count == event.attributes.count)
        #expect(event.attributes.allSatisfy { !$0.value.description.isEmpty })
    }

    @Test("An error says what to do")
    func advice() {
        let event = CollectionEvent(account: Account(provider: "instantly", name: "acme"), kind: .down(Self.refusal))
        #expect(event.level == .error)
        #expect(event.attributes.map(\.name) == ["provider", "account", "reason", "advice"])
        #expect(event.attributes.last?.value.description == "make a new key with the scope all:read")
        for kind in Self.all {
            let event = CollectionEvent(account: event.account, kind: kind)
            #expect(event.level != .error || event.attributes.contains { $0.name == "advice" })
        }
    }
}
