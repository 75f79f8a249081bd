// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPServer

@testable import Simulator

/// A client of a simulator: its clock, its keys and its way of reading answers.
struct Caller {
    let clock = TestClock()
    let simulator: Simulator
    var key = "sk_test"

    init(_ change: (inout SimulatorSettings) -> Void = { _ in }) {
        var settings = SimulatorSettings()
        settings.enforcesLimits = false
        change(&settings)
        let clock = clock
        simulator = Simulator(settings, wall: { clock.now })
    }

    /// The headers with which a provider's client names itself.
    func headers(_ platform: Platform) -> [(name: String, value: String)] {
        switch platform {
        case .instantly: [("authorization", "Bearer \(key)")]
        case .lemlist: [("authorization", "Basic \(Data(":\(key)".utf8).base64EncodedString())")]
        case .sendkit: [("x-api-key", key)]
        }
    }

    /// What the simulator does with a call; the path stands behind the provider's base URL.
    func react(
        _ platform: Platform,
        _ path: String,
        _ query: [(String, String)] = [],
        method: String = "GET",
        body: String = ""
    ) -> SimulatorResponse {
        let base = platform == .lemlist ? "/lemlist/api/" : "/\(platform.rawValue)/"
        return simulator.answer(
            to: Request(
                method: method,
                path: base + path,
                query: query.map { (name: $0.0, value: $0.1) },
                headers: headers(platform),
                body: Array(body.utf8)
            )
        )
    }

    /// The response to a call, where there is one.
    func call(
        _ platform: Platform,
        _ path: String,
        _ query: [(String, String)] = [],
        method: String = "GET",
        body: String = ""
    ) throws -> Response {
        guard case .respond(let response) = react(platform, path, query, method: method, body: body) else {
            throw NoResponse()
        }
        return response
    }

    /// The JSON of a successful call.
    func json(
        _ platform: Platform,
        _ path: String,
        _ query: [(String, String)] = [],
        method: String = "GET",
        body: String = ""
    ) throws -> Any {
        let response = try call(platform, path, query, method: method, body: body)
        guard response.status == 200 else { throw NoResponse() }
        return try JSONSerialization.jsonObject(with: Data(response.bytes))
    }

    /// The JSON object of a successful call.
    func object(
        _ platform: Platform,
        _ path: String,
        _ query: [(String, String)] = [],
        method: String = "GET",
        body: String = ""
    ) throws -> [String: Any] {
        try cast(json(platform, path, query, method: method, body: body))
    }

    /// The JSON array of objects of a successful call.
    func rows(_ platform: Platform, _ path: String, _ query: [(String, String)] = []) throws -> [[String: Any]] {
        try cast(json(platform, path, query))
    }
}

/// A call that a test expected to succeed did not.
struct NoResponse: Error {}

/// The value as another type, or an error.
func cast<Wanted>(_ value: Any?, to type: Wanted.Type = Wanted.self) throws -> Wanted {
    guard let wanted = value as? Wanted else { throw NoResponse() }
    return wanted
}

extension Response {
    /// The body in one piece.
    var bytes: [UInt8] { Array(body.joined()) }
    /// The body as text.
    var text: String { String(decoding: bytes, as: UTF8.self) }
    /// The value of a header.
    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}
