// SPDX-License-Identifier: Apache-2.0

import Outreach
import Testing

@testable import Collection

@Suite(.timeLimit(.minutes(30))) struct ReportStoreTests {
    private func report(_ name: String, _ ids: String...) -> AccountReport {
        AccountReport(account: Account(provider: "lemlist", name: name), campaigns: ids.map { Campaign(id: $0) })
    }

    @Test("The version grows with what can be seen, and with nothing else")
    func version() {
        let store = ReportStore()
        #expect(store.version == 0)
        store.publish(report("b", "1"))
        #expect(store.version == 1)
        store.publish(report("b", "1"))
        #expect(store.version == 1)
        store.publish(report("a"))
        #expect(store.version == 1)
        store.publish(report("a", "1"))
        #expect(store.version == 2)
        #expect(store.reports.map(\.account.name) == ["a", "b"])
        store.publish(report("a"))
        store.remove(Account(provider: "lemlist", name: "b"))
        #expect(store.version == 4)
        store.remove(Account(provider: "lemlist", name: "b"))
        #expect(store.version == 4)
        #expect(store.reports.isEmpty)
    }

    @Test("Who listens hears the newest version, however slow")
    func changes() async {
        let store = ReportStore()
        var versions = store.changes().makeAsyncIterator()
        #expect(await versions.next() == 0)
        for id in ["1", "2", "3"] { store.publish(report("a", id)) }
        #expect(await versions.next() == 3)
        store.publish(report("a", "4"))
        #expect(await versions.next() == 4)
    }
}
