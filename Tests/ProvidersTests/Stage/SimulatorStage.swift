// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import HTTPServer
import Providers
import Simulator

extension Stage {
    /// The providers as the simulator plays them, its clock standing still.
    static let simulated = [simulated(.instantly), simulated(.lemlist), simulated(.sendKit)]

    private static func simulated(_ stage: Stage) -> Stage {
        Stage(
            kind: stage.kind,
            baseURL: "http://simulator/" + (stage.kind.name == "lemlist" ? "lemlist/api" : stage.kind.name),
            campaigns: 120,
            stranger: stage.stranger,
            authentication: stage.authentication,
            open: { SimulatorTransport(fault: $0) }
        )
    }
}

/// Hands requests to a simulator of its own, without a network between.
private struct SimulatorTransport: Transport {
    private let simulator: Simulator

    init(fault: Fault?) {
        var settings = SimulatorSettings()
        settings.campaigns = 120
        settings.speed = 0
        settings.enforcesLimits = false
        settings.faults = fault.flatMap { try? FaultRule($0.rawValue) }.map { [$0] } ?? []
        simulator = Simulator(settings, wall: { 1_787_313_600 })
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let components = URLComponents(string: request.url)
        let reaction = simulator.answer(
            to: Request(
                method: request.method,
                path: components?.path ?? "",
                query: components?.queryItems?.map { ($0.name, $0.value ?? "") } ?? [],
                headers: request.headers.map { ($0.name.lowercased(), $0.value) },
                body: request.body ?? []
            )
        )
        return try Self.response(to: reaction)
    }

    private static func response(to reaction: SimulatorResponse) throws(TransportError) -> HTTPResponse {
        switch reaction {
        case .respond(let response):
            HTTPResponse(
                status: response.status,
                headers: response.headers.map { ($0.name.lowercased(), $0.value) },
                body: response.body.flatMap(\.self)
            )
        case .truncate(_, _), .drop: throw .unreachable("the connection broke")
        case .hang: throw .timedOut
        case .late(_, let reaction): try response(to: reaction)
        }
    }
}
