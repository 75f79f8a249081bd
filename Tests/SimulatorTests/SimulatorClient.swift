// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPServer
import Synchronization

@testable import Simulator

/// A client of a simulator with its clock and key, and decoding of responses.
struct SimulatorClient {
    let clock = ManualClock()
    let simulator: Simulator
    var key = "sk_test"

    init(_ change: (inout SimulatorSettings) -> Void = { _ in }) {
        var settings = SimulatorSettings()
        settings.enforcesLimits = false
        change(&settings)
        let clock = clock
        simulator = Simulator(settings, wall: { clock.now })
    }

    /// The outcome of a request; `path` follows the provider's base URL.
    func request(
        _ provider: SimulatedProvider,
        _ path: String,
        _ query: [(String, String)] = [],
        method: String = "GET",
        body: String = ""
    ) -> SimulatorResponse {
        simulator.respond(
            to: Request(
                method: method,
                path: "\(provider.path)/\(path)",
                query: (provider.api.query(key) + query).map { (name: $0.0, value: $0.1) },
                headers: provider.api.headers(key),
                body: Array(body.utf8)
            )
        )
    }

    /// The response to a request.
    func call(
        _ provider: SimulatedProvider,
        _ path: String,
        _ query: [(String, String)] = [],
        method: String = "GET",
        body: String = ""
    ) throws -> Response {
        guard case .respond(let response) = request(provider, path, query, method: method, body: body) else {
            throw UnexpectedResponse()
        }
        return response
    }

    /// The JSON of a successful call.
    func json(
        _ provider: SimulatedProvider,
        _ path: String,
        _ query: [(String, String)] = [],
        method: String = "GET",
        body: String = ""
    ) throws -> Any {
        let response = try call(provider, path, query, method: method, body: body)
        guard response.status == 200 else { throw UnexpectedResponse() }
        return try JSONSerialization.jsonObject(with: Data(response.bytes))
    }

    /// The JSON object of a successful call.
    func object(
        _ provider: SimulatedProvider,
        _ path: String,
        _ query: [(String, String)] = [],
        method: String = "GET",
        body: String = ""
    ) throws -> [String: Any] {
        try cast(json(provider, path, query, method: method, body: body))
    }

    /// The JSON array of objects of a successful call.
    func rows(_ provider: SimulatedProvider, _ path: String, _ query: [(String, String)] = []) throws -> [[String: Any]]
    {
        try cast(json(provider, path, query))
    }
}

/// A response of another kind than the test expects.
struct UnexpectedResponse: Error {}

/// The value as another type, or an error.
func cast<Wanted>(_ value: Any?, to type: Wanted.Type = Wanted.self) throws -> Wanted {
    guard let wanted = value as? Wanted else { throw UnexpectedResponse() }
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

/// A wall clock that a test advances; it starts on Wednesday, 2026-05-13, at noon UTC.
final class ManualClock: Sendable {
    private let seconds = Mutex<Double>(1_778_673_600)

    /// Seconds since 1970.
    var now: Double { seconds.withLock { $0 } }

    /// Simulated time as a clock that starts now reads it.
    var instant: SimulatedInstant { SimulatedInstant(seconds: now) }

    /// Moves the clock.
    func advance(_ seconds: Double) {
        self.seconds.withLock { $0 += seconds }
    }
}
