// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import HTTPServer
import Simulator
import TestSupport

/// Sends requests to a simulator in virtual time, with the latency of a network.
struct VirtualTransport: Transport {
    let simulator: Simulator
    let clock: TestClock
    /// The latency of a response; zero does not sleep at all.
    var latency = Duration.milliseconds(100)
    /// The most bytes of a body.
    var responseLimit = 16 << 20

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        if latency > .zero { try await advance(latency) }
        return try await response(to: simulator.respond(to: Request(request)), within: request.timeout)
    }

    private func response(
        to reaction: SimulatorResponse,
        within timeout: Duration
    ) async throws(TransportError) -> HTTPResponse {
        switch reaction {
        case .respond(let response):
            let size = response.body.reduce(0) { $0 + $1.count }
            guard size <= responseLimit else { throw .tooLarge(limit: responseLimit) }
            return HTTPResponse(response)
        case .truncate, .drop: throw .unreachable("the connection broke")
        case .hang:
            try await advance(timeout)
            throw .timedOut
        case .late(let wait, let next):
            try await advance(wait)
            return try await response(to: next, within: timeout)
        }
    }

    private func advance(_ duration: Duration) async throws(TransportError) {
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
