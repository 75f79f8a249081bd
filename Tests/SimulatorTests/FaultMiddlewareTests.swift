// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPServer
import Testing

@testable import Simulator

@Suite struct FaultMiddlewareTests {
    private let client = SimulatorClient()

    private func request(_ provider: SimulatedProvider, _ faults: Fault...) -> SimulatorResponse {
        client.simulator.setFaults(faults.map { FaultRule($0) })
        return client.request(provider, provider.api.listing)
    }

    @Test(
        "Faults that answer for every route have the provider's status and body",
        arguments: SimulatedProvider.allCases,
        [
            (Fault.rateLimit, 429), (.unauthorized, 401), (.paymentRequired, 402), (.serverError, 500),
            (.notJSON, 200), (.redirect, 302),
        ]
    )
    func statuses(provider: SimulatedProvider, fault: (Fault, Int)) throws {
        guard case .respond(let response) = request(provider, fault.0) else { throw UnexpectedResponse() }
        #expect(response.status == fault.1)
        #expect((response.header("Location") != nil) == (fault.0 == .redirect))
        let isHTML = response.header("Content-Type")?.hasPrefix("text/html") == true
        #expect(isHTML == (fault.0 == .notJSON))
        if fault.0 == .rateLimit { #expect((response.header("Retry-After") != nil) == (provider != .instantly)) }
    }

    @Test("Connections break, hang or are slow", arguments: SimulatedProvider.allCases)
    func connections(provider: SimulatedProvider) throws {
        guard case .drop = request(provider, .dropConnection) else { throw UnexpectedResponse() }
        guard case .hang = request(provider, .hang) else { throw UnexpectedResponse() }
        guard case .late(let wait, .respond) = request(provider, .slow) else { throw UnexpectedResponse() }
        #expect(wait == .seconds(2))
        guard case .truncate(let response, let bytes) = request(provider, .truncate) else { throw UnexpectedResponse() }
        #expect(bytes > 0 && bytes < response.bytes.count)
    }

    @Test("Faults add up: the stronger one answers, late and cut off as the others say")
    func combination() throws {
        guard case .late(_, .truncate(let response, _)) = request(.sendkit, .slow, .truncate, .rateLimit, .serverError)
        else { throw UnexpectedResponse() }
        #expect(response.status == 429)
        guard case .drop = request(.sendkit, .slow, .hang, .dropConnection) else { throw UnexpectedResponse() }
    }

    @Test("A fault at one provider leaves the others alone, and its end ends it")
    func scope() throws {
        client.simulator.setFaults([FaultRule(.serverError, on: .lemlist)])
        let status = { (provider: SimulatedProvider) in
            try client.call(provider, provider.api.listing).status
        }
        #expect(try [SimulatedProvider.instantly, .lemlist, .sendkit].map(status) == [200, 500, 200])
        client.simulator.setFaults([])
        #expect(try status(.lemlist) == 200)
    }

    @Test("Every fault has its row in the documentation", arguments: Fault.allCases)
    func documentation(fault: Fault) throws {
        let repository = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        let document = try String(contentsOf: repository.appending(path: "docs/simulator.md"), encoding: .utf8)
        #expect(document.contains("\n| `\(fault.rawValue)` |"))
    }

    @Test("Faults are read by name, alone or after a provider")
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
