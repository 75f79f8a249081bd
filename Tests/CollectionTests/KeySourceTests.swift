// SPDX-License-Identifier: Apache-2.0

import Outreach
import TestSupport
import Testing

@testable import Collection

@Suite struct KeySourceTests {
    @Test("Another key is told once, an unusable file keeps the last one")
    func refresh() async {
        let readings = Shared<[KeySource.Reading]>([
            .key(Secret("old")), .unchanged, .unusable("it is empty"), .key(Secret("new")), .key(Secret("new")),
        ])
        let key = KeySource(Secret("old"), file: "/key") { _ in readings.withLock { $0.removeFirst() } }
        var seen: [String] = []
        for _ in 0..<5 {
            let event = await key.refresh().map {
                CollectionEvent(account: Account(provider: "p", name: "a"), kind: $0)
            }
            seen.append("\(event?.message ?? "-") \(key.current.value)")
        }
        #expect(
            seen == [
                "- old", "- old", "the file of the API key holds none, the last key stays in use old",
                "another API key is used new", "- new",
            ]
        )
    }

    @Test("Every cycle looks at the key, and reports what it finds")
    func cycle() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            var (plan, _) = fixture.plan(world: .campaigns(1))
            let looks = Shared(0)
            plan.refreshKey = {
                looks.withLock { $0 += 1 }
                return .keyReplaced(file: "/key")
            }
            let collector = fixture.collector(plan)
            await collector.cycle()
            await collector.cycle()
            #expect(looks.withLock { $0 } == 2)
            #expect(fixture.events.messages.count { $0 == "another API key is used" } == 2)
        }
    }
}
