// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer

/// A provider's honest answers, in the order in which it looks at a request: key, limits, route.
struct ProviderDesk {
    let simulator: Simulator
    let platform: Platform
    let faults: Set<Fault>

    /// The answer to a request; `path` is what stands behind the provider's name.
    func answer(to request: Request, path: ArraySlice<Substring>) -> WireAnswer {
        let key: String
        do {
            key = try platform.api.account(of: request, path: path.joined(separator: "/"))
        } catch {
            return error.answer
        }
        let limits = simulator.settings.enforcesLimits ? platform.api.limits : [.none]
        let verdict = simulator.limiter.admit("\(platform.rawValue)/\(key)", limits, at: simulator.clock.wallNow)
        var answer = verdict.isAllowed ? routed(request, Array(path), key) : platform.api.refusal(.rateLimited)
        answer.headers += platform.api.headers(for: verdict)
        return answer
    }

    private func routed(_ request: Request, _ path: [Substring], _ key: String) -> WireAnswer {
        let matches = platform.api.routes.compactMap { route in route.match(path).map { (route, $0) } }
        guard !matches.isEmpty else { return platform.api.refusal(.notFound) }
        guard let (route, variables) = matches.first(where: { $0.0.method == request.method }) else {
            var answer = platform.api.refusal(.methodNotAllowed)
            answer.headers.append(("Allow", matches.map(\.0.method).joined(separator: ", ")))
            return answer
        }
        let scene = simulator.scene(of: platform, for: key)
        return route.answer(
            Call(request: request, variables: variables, scene: scene, clock: simulator.clock, faults: faults)
        )
    }
}
