// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Collection

@Suite struct WaitingLineTests {
    @Test("Places go to those who ask, then to those who wait, in order")
    func order() {
        var line = WaiterQueue<String>(places: 1)
        #expect(line.enter("a") == true)
        #expect(line.enter("b") == false)
        #expect(line.enter("c") == false)
        #expect(line.leave() == "b")
        #expect(line.leave() == "c")
        #expect(line.leave() == nil)
        #expect(line.enter("d") == true)
    }

    @Test("Who gives up leaves no hole, and cannot give up twice")
    func abandon() {
        var line = WaiterQueue<String>(places: 1)
        _ = line.enter("a")
        let second = line.ticket()
        _ = line.enter("b", ticket: second)
        _ = line.enter("c")
        #expect(line.abandon(second) == "b")
        #expect(line.abandon(second) == nil)
        #expect(line.leave() == "c")
        #expect(line.count == 0)
    }

    @Test("A ticket drawn early is served even if it enters late")
    func lateEntry() {
        var line = WaiterQueue<String>(places: 1)
        _ = line.enter("holder")
        let early = line.ticket()
        _ = line.enter("other")
        #expect(line.leave() == "other")
        _ = line.enter("early", ticket: early)
        #expect(line.leave() == "early")
        #expect(line.leave() == nil)
    }

    @Test("After any mix of entering, leaving and giving up, as many places are free as in the beginning")
    func balance() {
        var chance = SystemRandomNumberGenerator()
        var line = WaiterQueue<UInt64>(places: 3)
        var inside = 0
        var waiting: Set<UInt64> = []
        for _ in 0..<10_000 {
            switch Int.random(in: 0..<3, using: &chance) {
            case 0:
                let ticket = line.ticket()
                if line.enter(ticket, ticket: ticket) { inside += 1 } else { waiting.insert(ticket) }
            case 1 where inside > 0:
                if let next = line.leave() { waiting.remove(next) } else { inside -= 1 }
            case 2:
                guard let ticket = waiting.randomElement() else { continue }
                #expect(line.abandon(ticket) == ticket)
                waiting.remove(ticket)
            default: continue
            }
            #expect(inside <= 3)
            #expect(waiting.isEmpty || inside == 3)
            #expect(line.count == waiting.count)
        }
    }
}

extension WaiterQueue {
    fileprivate mutating func enter(_ waiter: Waiter) -> Bool {
        let ticket = ticket()
        return enter(waiter, ticket: ticket)
    }
}
