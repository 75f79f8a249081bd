// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Testing

@testable import Simulator

@Suite struct ControlEndpointsTests {
    private let client = SimulatorClient()

    private func call(_ path: String, _ method: String = "GET", body: String = "") throws -> Response {
        let request = Request(method: method, path: path, body: Array(body.utf8))
        guard case .respond(let response) = client.simulator.respond(to: request) else { throw UnexpectedResponse() }
        return response
    }

    @Test("The root says what this is")
    func root() throws {
        #expect(try call("/").text.contains("simulator"))
        #expect(try call("/nowhere").status == 404)
        #expect(try call("/", "POST").header("Allow") == "GET, HEAD")
    }

    @Test("Faults are shown and replaced at run time")
    func faults() throws {
        #expect(try call("/faults").text == #"{"faults":[]}"#)
        let set = try call("/faults", "POST", body: #"{"faults":["slow","lemlist:hang"]}"#)
        #expect(set.status == 200 && set.text == #"{"faults":["slow","lemlist:hang"]}"#)
        #expect(try call("/faults").text == set.text)
        guard case .hang = client.request(.lemlist, "team") else { throw UnexpectedResponse() }
        #expect(try call("/faults", "POST", body: #"{"faults":[]}"#).text == #"{"faults":[]}"#)
        #expect(try client.call(.lemlist, "team").status == 200)
    }

    @Test(
        "An unknown fault is refused with the known names, and changes nothing",
        arguments: ["nonsense", "gmail:slow"]
    )
    func unknown(name: String) throws {
        _ = try call("/faults", "POST", body: #"{"faults":["slow"]}"#)
        let answer = try call("/faults", "POST", body: "{\"faults\":[\"hang\",\"\(name)\"]}")
        #expect(answer.status == 400)
        #expect(Fault.allCases.allSatisfy { answer.text.contains($0.rawValue) } && answer.text.contains(name))
        #expect(try call("/faults").text == #"{"faults":["slow"]}"#)
        #expect(try call("/faults", "POST", body: "slow").status == 400)
        #expect(try call("/faults", "DELETE").status == 405)
    }

    @Test("The world can be stopped and set going again")
    func speed() throws {
        let sent = { client.simulator.snapshot(of: .sendkit, for: "a").mailboxStatistics().reduce(0) { $0 + $1.sent } }
        #expect(try call("/speed", "POST", body: #"{"speed":0}"#).text == #"{"speed":0.0}"#)
        let before = sent()
        client.clock.advance(3600)
        #expect(sent() == before)
        #expect(try call("/speed", "POST", body: #"{"speed":-1}"#).status == 400)
        _ = try call("/speed", "POST", body: #"{"speed":600}"#)
        client.clock.advance(3600)
        #expect(sent() > before)
    }
}
