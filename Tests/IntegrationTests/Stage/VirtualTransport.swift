// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import HTTPServer
import Simulator
import TestSupport

/// Hands requests to a simulator in virtual time, as if a network lay between.
struct VirtualTransport: Transport {
    let simulator: Simulator
    let clock: TestClock
    /// How long an answer takes; zero does not wait at all.
    var latency = Duration.milliseconds(100)

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        if latency > .zero { try await pass(latency) }
        return try await response(to: simulator.answer(to: Request(request)), within: request.timeout)
    }

    private func response(
        to reaction: SimulatorResponse,
        within timeout: Duration
    ) async throws(TransportError) -> HTTPResponse {
        switch reaction {
        case .respond(let response): return HTTPResponse(response)
        case .truncate, .drop: throw .unreachable("the connection broke")
        case .hang:
            try await pass(timeout)
            throw .timedOut
        case .late(let wait, let next):
            try await pass(wait)
            return try await response(to: next, within: timeout)
        }
    }

    private func pass(_ duration: Duration) async throws(TransportError) {
        do { try await clock.sleep(until: clock.now + duration, tolerance: nil) } catch { throw .cancelled }
    }
}

extension Request {
    /// A client's request as a server receives it.
    fileprivate init(_ request: HTTPRequest) {
        let components = URLComponents(string: request.url)
        self.init(
            method: request.method,
            path: components?.path ?? "",
            query: components?.queryItems?.map { ($0.name, $0.value ?? "") } ?? [],
            headers: request.headers.map { ($0.name.lowercased(), $0.value) },
            body: request.body ?? []
        )
    }
}

extension HTTPResponse {
    /// A server's response as a client receives it.
    fileprivate init(_ response: Response) {
        self.init(
            status: response.status,
            headers: response.headers.map { ($0.name.lowercased(), $0.value) },
            body: response.body.flatMap(\.self)
        )
    }
}
