// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import HTTPServer
import Providers
import Simulator

extension TestProvider {
    /// The simulators, whose clock stands still.
    static let simulated = stubs.map { stub in
        TestProvider(
            kind: stub.kind,
            baseURL: "http://simulator" + (SimulatedProvider(rawValue: stub.kind.name)?.path ?? ""),
            campaigns: 120,
            unknownCampaign: stub.unknownCampaign,
            authentication: stub.authentication,
            keyParameter: stub.keyParameter,
            mailboxPaths: stub.mailboxPaths,
            stepPaths: stub.stepPaths,
            probes: stub.probes,
            isNothingGone: stub.isNothingGone,
            open: { SimulatorTransport(fault: $0) }
        )
    }
}

/// Passes requests to a simulator of its own without a network.
private struct SimulatorTransport: Transport {
    private let simulator: Simulator

    init(fault: Fault?) {
        var settings = SimulatorSettings()
        settings.campaigns = 120
        settings.steps = 2
        settings.variants = 1
        settings.speed = 0
        settings.enforcesLimits = false
        settings.faults = fault.flatMap { try? FaultRule($0.rawValue) }.map { [$0] } ?? []
        simulator = Simulator(settings, wall: { 1_787_313_600 })
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let components = URLComponents(string: request.url)
        let response = simulator.respond(
            to: Request(
                method: request.method,
                path: components?.path ?? "",
                query: components?.queryItems?.map { ($0.name, $0.value ?? "") } ?? [],
                headers: request.headers.map { ($0.name.lowercased(), $0.value) },
                body: request.body ?? []
            )
        )
        return try Self.httpResponse(response)
    }

    private static func httpResponse(_ response: SimulatorResponse) throws(TransportError) -> HTTPResponse {
        switch response {
        case .respond(let response):
            HTTPResponse(
                status: response.status,
                headers: response.headers.map { ($0.name.lowercased(), $0.value) },
                body: response.body.flatMap(\.self)
            )
        case .truncate(_, _), .drop: throw .unreachable("the connection broke")
        case .hang: throw .timedOut
        case .late(_, let response): try httpResponse(response)
        }
    }
}
