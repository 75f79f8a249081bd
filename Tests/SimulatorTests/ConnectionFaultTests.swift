// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Testing

@testable import Simulator

@Suite struct ConnectionFaultTests {
    private static let paths: [Platform: String] = [
        .instantly: "api/v2/campaigns", .lemlist: "campaigns", .sendkit: "v1/campaigns",
    ]

    private let caller = Caller()

    private func react(_ platform: Platform, _ faults: Fault...) -> SimulatorResponse {
        caller.simulator.setFaults(faults.map { FaultRule($0) })
        return caller.react(platform, ConnectionFaultTests.paths[platform] ?? "")
    }

    @Test(
        "Faults that answer for every route have the provider's status and body",
        arguments: Platform.allCases,
        [
            (Fault.rateLimit, 429), (.unauthorized, 401), (.paymentRequired, 402), (.serverError, 500),
            (.notJSON, 200), (.redirect, 302),
        ]
    )
    func statuses(platform: Platform, fault: (Fault, Int)) throws {
        guard case .respond(let response) = react(platform, fault.0) else { throw NoResponse() }
        #expect(response.status == fault.1)
        #expect((response.header("Location") != nil) == (fault.0 == .redirect))
        let isHTML = response.header("Content-Type")?.hasPrefix("text/html") == true
        #expect(isHTML == (fault.0 == .notJSON))
        if fault.0 == .rateLimit { #expect((response.header("Retry-After") != nil) == (platform != .instantly)) }
    }

    @Test("Connections break, hang or are slow", arguments: Platform.allCases)
    func connections(platform: Platform) throws {
        guard case .drop = react(platform, .dropConnection) else { throw NoResponse() }
        guard case .hang = react(platform, .hang) else { throw NoResponse() }
        guard case .late(let wait, .respond) = react(platform, .slow) else { throw NoResponse() }
        #expect(wait == .seconds(2))
        guard case .truncate(let response, let bytes) = react(platform, .truncate) else { throw NoResponse() }
        #expect(bytes > 0 && bytes < response.bytes.count)
    }

    @Test("Faults add up: the stronger one answers, late and cut off as the others say")
    func combination() throws {
        guard case .late(_, .truncate(let response, _)) = react(.sendkit, .slow, .truncate, .rateLimit, .serverError)
        else { throw NoResponse() }
        #expect(response.status == 429)
        guard case .drop = react(.sendkit, .slow, .hang, .dropConnection) else { throw NoResponse() }
    }

    @Test("A fault at one provider leaves the others alone, and its end ends it")
    func scope() throws {
        caller.simulator.setFaults([FaultRule(.serverError, on: .lemlist)])
        let status = { (platform: Platform) in
            try caller.call(platform, ConnectionFaultTests.paths[platform] ?? "").status
        }
        #expect(try [Platform.instantly, .lemlist, .sendkit].map(status) == [200, 500, 200])
        caller.simulator.setFaults([])
        #expect(try status(.lemlist) == 200)
    }

    @Test("Faults are read by name, alone or behind a provider")
    func reading() throws {
        #expect(try FaultRule.list("") == [])
        #expect(
            try FaultRule.list("slow, lemlist:counters-fall") == [
                FaultRule(.slow), FaultRule(.countersFall, on: .lemlist),
            ]
        )
        for rule in Fault.allCases.map({ FaultRule($0, on: .sendkit) }) {
            #expect(try FaultRule(rule.description) == rule)
        }
        for text in ["slower", "gmail:slow", ":slow", "slow:lemlist", "lemlist:slow:slow"] {
            #expect(throws: FaultRule.Unknown(text: text)) { try FaultRule(text) }
        }
        #expect("\(FaultRule.Unknown(text: "x"))".contains("reply-drought"))
    }
}
