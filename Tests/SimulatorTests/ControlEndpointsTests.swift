// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Testing

@testable import Simulator

@Suite struct ControlEndpointsTests {
    private let client = SimulatorClient()

    private func call(_ path: String, _ method: String = "GET", body: String = "") throws -> Response {
        try respond(to: Request(method: method, path: path, body: Array(body.utf8), isLocal: true))
    }

    private func respond(to request: Request, from simulator: Simulator? = nil) throws -> Response {
        guard case .respond(let response) = (simulator ?? client.simulator).respond(to: request) else {
            throw UnexpectedResponse()
        }
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

    @Test("Another machine gets no control, unless it is allowed", arguments: ["/faults", "/speed"])
    func remote(path: String) throws {
        let body = Array(#"{"faults":["slow"],"speed":1}"#.utf8)
        let open = SimulatorClient { $0.allowsRemoteControl = true }
        for method in ["GET", "POST"] {
            let request = Request(method: method, path: path, body: body)
            let refusal = try respond(to: request)
            #expect(refusal.status == 403 && refusal.text.contains("--simulator.remote-control"))
            #expect(try respond(to: request, from: open.simulator).status == 200)
        }
        #expect(client.simulator.faults.isEmpty && client.simulator.clock.speed == 600)
        #expect(try respond(to: Request(method: "GET", path: "/")).status == 200)
    }

    @Test("A web page elsewhere gets no control, not even where other machines do", arguments: ["/faults", "/speed"])
    func crossOrigin(path: String) throws {
        let open = SimulatorClient { $0.allowsRemoteControl = true }
        let request = Request(
            method: "POST",
            path: path,
            headers: [("host", "127.0.0.1:1"), ("origin", "http://attacker.example")],
            body: Array(#"{"faults":["slow"],"speed":1}"#.utf8),
            isLocal: true
        )
        for simulator in [client.simulator, open.simulator] {
            #expect(try respond(to: request, from: simulator).status == 403)
            #expect(simulator.faults.isEmpty && simulator.clock.speed == 600)
        }
    }

    @Test("The world can be stopped and set going again")
    func speed() throws {
        let sent = { client.simulator.snapshot(of: .sendkit, for: "a").mailboxStatistics().reduce(0) { $0 + $1.sent } }
        #expect(try call("/speed", "POST", body: #"{"speed":0}"#).text == #"{"speed":0.0}"#)
        let before = sent()
        client.clock.advance(3600)
        #expect(sent() == before)
        #expect(try call("/speed", "POST", body: #"{"speed":-1}"#).status == 400)
        #expect(try call("/speed", "POST", body: #"{"speed":1e300}"#).status == 400)
        _ = try call("/speed", "POST", body: #"{"speed":600}"#)
        client.clock.advance(3600)
        #expect(sent() > before)
    }
}
