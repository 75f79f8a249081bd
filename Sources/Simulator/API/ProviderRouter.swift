// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import HTTPServer

/// Routes a request to a provider's handlers after checking credentials and rate limits.
struct ProviderRouter {
    let simulator: Simulator
    let provider: SimulatedProvider
    let faults: Set<Fault>

    /// The response without faults; `path` is the part after the provider's name.
    func respond(to request: Request, path: ArraySlice<Substring>) -> ProviderResponse {
        let account: String?
        do {
            account = try provider.server.account(of: request, path: path.joined(separator: "/"))
        } catch {
            return error.response
        }
        guard let key = account else { return provider.server.errorResponse(.unauthorized) }
        let limits = simulator.settings.enforcesLimits ? provider.server.limits : [.none]
        let verdict = simulator.limiter.admit("\(provider.rawValue)/\(key)", limits, at: simulator.clock.wallTime)
        let response =
            verdict.isAllowed ? routed(request, Array(path), key) : provider.server.errorResponse(.rateLimited)
        return response.with(provider.server.headers(for: verdict))
    }

    private func routed(_ request: Request, _ path: [Substring], _ key: String) -> ProviderResponse {
        let matches = provider.server.routes.compactMap { route in route.match(path).map { (route, $0) } }
        guard !matches.isEmpty else { return provider.server.errorResponse(.notFound) }
        guard let (route, variables) = matches.first(where: { $0.0.method == request.method }) else {
            let allowed = (name: "Allow", value: matches.map(\.0.method).joined(separator: ", "))
            return provider.server.errorResponse(.methodNotAllowed).with([allowed])
        }
        let call = APIRequest(
            request: request,
            variables: variables,
            snapshot: simulator.snapshot(of: provider, for: key),
            clock: simulator.clock,
            provider: provider,
            faults: faults
        )
        return RouteFault.active(in: call, on: route.path).response(to: call) { route.respond(to: call) }
    }
}

/// A method and a path pattern with their handler.
struct Route {
    let method: String
    /// The pattern as written: `campaigns/:id/stats`.
    let path: String
    private let pattern: [Substring]
    private let handle: @Sendable (APIRequest) throws(ResponseError) -> ProviderResponse

    /// Creates a route; a component that starts with a colon is a parameter: `campaigns/:id/stats`.
    init(
        _ method: String,
        _ pattern: String,
        _ handle: @escaping @Sendable (APIRequest) throws(ResponseError) -> ProviderResponse
    ) {
        self.method = method
        path = pattern
        self.pattern = pattern.split(separator: "/")
        self.handle = handle
    }

    /// The path's values of the pattern's parameters; `nil` where the path does not match.
    func match(_ path: [Substring]) -> [String]? {
        guard path.count == pattern.count else { return nil }
        var texts: [String] = []
        for (part, expected) in zip(path, pattern) {
            if expected.hasPrefix(":") {
                texts.append(String(part))
            } else if part != expected {
                return nil
            }
        }
        return texts
    }

    /// The handler's response, or that of the error it throws.
    func respond(to call: APIRequest) -> ProviderResponse {
        do {
            return try handle(call)
        } catch {
            return error.response
        }
    }
}

/// A request as handlers see it: with path parameters and a snapshot of the caller's account.
struct APIRequest {
    let request: Request
    let variables: [String]
    let snapshot: WorldSnapshot
    let clock: SimulatedClock
    let provider: SimulatedProvider
    let faults: Set<Fault>

    var id: String { variables.first ?? "" }

    /// The campaign that the first path parameter names.
    ///
    /// - Throws: `missing` where there is none.
    func campaign(or missing: ProviderResponse) throws(ResponseError) -> SimulatedCampaign {
        guard let campaign = snapshot.campaign(id) else { throw ResponseError(response: missing) }
        return campaign
    }

    /// The first value of a query field that has one.
    func query(_ name: String) -> String? {
        request.query.first { $0.name == name && !$0.value.isEmpty }?.value
    }

    func queries(_ name: String) -> [String] {
        request.query.filter { $0.name == name && !$0.value.isEmpty }.map(\.value)
    }

    /// The body as a JSON object of this form; `nil` where it is none.
    func body<Form: Decodable>(_ form: Form.Type) -> Form? {
        try? JSONDecoder().decode(form, from: Data(request.body))
    }

    var bodyText: String { String(decoding: request.body, as: UTF8.self) }

    /// An instant as an ISO 8601 string.
    func timestamp(_ instant: SimulatedInstant) -> JSON {
        .string(Date(timeIntervalSince1970: clock.date(of: instant)).timestamp)
    }
}

/// A provider's response before serialization, so that faults can rewrite its JSON.
struct ProviderResponse: Sendable {
    /// The body: a JSON value, or text with its media type.
    enum Body: Sendable {
        case json(JSON)
        case text(String, type: String)
    }

    var status = 200
    var headers: [(name: String, value: String)] = []
    var body: Body
    /// Whether it is never sent and the connection stays open instead.
    var isWithheld = false

    static func json(_ body: JSON, status: Int = 200) -> ProviderResponse {
        ProviderResponse(status: status, body: .json(body))
    }

    static func text(_ text: String, status: Int) -> ProviderResponse {
        ProviderResponse(status: status, body: .text(text, type: "text/plain; charset=utf-8"))
    }

    static func html(_ page: String, status: Int = 200) -> ProviderResponse {
        ProviderResponse(status: status, body: .text(page, type: "text/html; charset=utf-8"))
    }

    /// A response that claims to be JSON, whatever its text is.
    static func claimedJSON(_ text: String) -> ProviderResponse {
        ProviderResponse(body: .text(text, type: "application/json; charset=utf-8"))
    }

    /// The response with further headers.
    func with(_ headers: [(name: String, value: String)]) -> ProviderResponse {
        var response = self
        response.headers += headers
        return response
    }

    /// The response as the HTTP server sends it.
    var serialized: Response {
        let (type, bytes) =
            switch body {
            case .json(let json): ("application/json; charset=utf-8", json.bytes)
            case .text(let text, let type): (type, Array(text.utf8))
            }
        return Response(status: status, headers: [(name: "Content-Type", value: type)] + headers, body: [bytes])
    }
}

extension String {
    /// The credentials of an `Authorization` header; `nil` for another scheme or an invalid key.
    func credentials(of scheme: String) -> String? {
        let parts = split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == scheme.lowercased() else { return nil }
        return String(parts[1]).goodKey
    }

    /// The key; `nil` if it is empty or begins with `bad-`, the only invalid keys.
    var goodKey: String? { isEmpty || hasPrefix("bad-") ? nil : self }

    /// The UTF-8 text that the Base64 encodes.
    var decodedBase64: String? {
        Data(base64Encoded: self).flatMap { String(validating: $0, as: UTF8.self) }
    }
}

extension APIRequest {
    /// Selects a page of a listing, with the faults `endless-cursor` and `partial-list`.
    ///
    /// - Parameters:
    ///   - rows: the rows of all pages.
    ///   - offset: the number of rows before the page.
    ///   - limit: the most rows of a page.
    ///   - endsWithShortPage: whether only a page shorter than its limit marks the end of the listing.
    /// - Returns: the rows of the page, and whether more follow.
    /// - Throws: a server error for a page that `partial-list` breaks.
    func page<Row>(
        of rows: [Row],
        from offset: Int,
        limit: Int,
        endsWithShortPage: Bool = false
    ) throws(ResponseError) -> (rows: [Row], more: Bool) {
        guard !rows.isEmpty else { return ([], false) }
        var limit = limit
        if faults.contains(.partialList) {
            if offset > 0 || (endsWithShortPage && rows.count <= limit) {
                throw ResponseError(response: provider.server.errorResponse(.serverError))
            }
            // A listing of one page is split in two if its end is announced.
            if !endsWithShortPage { limit = min(limit, (rows.count + 1) / 2) }
        }
        guard !faults.contains(.endlessCursor) else {
            let size = endsWithShortPage ? limit : min(limit, rows.count)
            return ((offset..<offset + size).map { rows[$0 % rows.count] }, true)
        }
        return (Array(rows.dropFirst(offset).prefix(limit)), offset + limit < rows.count)
    }
}
