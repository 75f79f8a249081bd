// SPDX-License-Identifier: Apache-2.0

/// What a fault does to the responses of some routes of a provider; each provider has a table of them.
struct RouteFault: Sendable {
    enum Effect: Sendable {
        /// Another one is sent; the handler is not called.
        case replace(ProviderResponse)
        /// None is sent, and the connection stays open.
        case withhold
        /// The JSON of a successful one is changed.
        case edit(@Sendable (JSON, APIRequest) -> JSON)
    }

    let fault: Fault
    /// The patterns of the routes, as in `ProviderServer.routes`.
    let routes: Set<String>
    /// The requests to these routes that it strikes.
    let strikes: @Sendable (APIRequest) -> Bool
    let effect: Effect

    /// Describes a fault of `routes`; without a condition all their requests are struck.
    init(
        _ fault: Fault,
        _ routes: Set<String>,
        _ effect: Effect,
        where strikes: @escaping @Sendable (APIRequest) -> Bool = { _ in true }
    ) {
        self.fault = fault
        self.routes = routes
        self.strikes = strikes
        self.effect = effect
    }

    /// Describes a fault that changes the JSON of successful responses.
    static func editing(
        _ fault: Fault,
        _ routes: Set<String>,
        _ change: @escaping @Sendable (JSON) -> JSON
    ) -> RouteFault {
        RouteFault(fault, routes, .edit { body, _ in change(body) })
    }

    /// Those that strike a request, in the order of the table.
    static func active(in call: APIRequest, on route: String) -> [RouteFault] {
        guard !call.faults.isEmpty else { return [] }
        return call.provider.faults.filter { rule in
            call.faults.contains(rule.fault) && rule.routes.contains(route) && rule.strikes(call)
        }
    }
}

extension SimulatedProvider {
    /// The faults of the provider's routes: its own, and those that each of its routes has.
    var faults: [RouteFault] {
        let routes = Set(server.routes.map(\.path))
        return server.faults + [
            .editing(.hugeNumbers, routes) { [server] in $0.withHugeNumbers(but: server.requiredFields) },
            RouteFault(
                .loneSurrogate,
                routes,
                .edit { body, call in
                    call.snapshot.campaigns.first.map { body.endingWithSurrogate($0.name) } ?? body
                }
            ),
        ]
    }
}

extension Fault {
    /// The providers that have the fault; at others it changes nothing.
    package var providers: [SimulatedProvider] {
        let all = SimulatedProvider.allCases
        let own = all.filter { $0.faults.contains { $0.fault == self } }
        return own.isEmpty ? all : own
    }
}

extension [RouteFault] {
    /// The response to a request: of several replacements the first, else the handler's with all edits.
    func response(to call: APIRequest, _ handle: () -> ProviderResponse) -> ProviderResponse {
        for rule in self {
            switch rule.effect {
            case .replace(let response): return response
            case .withhold: return ProviderResponse(body: .json(nil), isWithheld: true)
            case .edit: continue
            }
        }
        var response = handle()
        guard case .json(let body) = response.body, response.status == 200 else { return response }
        response.body = .json(
            reduce(body) { body, rule in
                guard case .edit(let edit) = rule.effect else { return body }
                return edit(body, call)
            }
        )
        return response
    }
}
