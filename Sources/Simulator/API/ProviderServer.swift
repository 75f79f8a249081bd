// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import HTTPServer

/// One provider's side of the wire.
protocol ProviderServer {
    /// The limits that each key is held to.
    static var limits: [RateLimit] { get }
    /// The routes that it serves.
    static var routes: [Route] { get }

    /// Who calls; throws the answer that a caller without a usable key gets.
    static func account(of request: Request, path: String) throws(Refusal) -> String

    /// The provider's words for an error that is no matter of the route.
    static func refusal(_ kind: RefusalKind) -> SimulatedResponse

    /// Headers that tell the caller where it stands with its limits.
    static func headers(for verdict: SimulatedRateLimiter.Verdict) -> [(name: String, value: String)]
}

/// Errors that every provider knows and each words in its own way.
enum RefusalKind {
    case unauthorized, paymentRequired, notFound, methodNotAllowed, rateLimited, serverError
}

/// An answer in place of the one asked for.
struct Refusal: Error {
    let answer: SimulatedResponse
}

extension Platform {
    /// The provider's side of the wire.
    var api: any ProviderServer.Type {
        switch self {
        case .instantly: InstantlyServer.self
        case .lemlist: LemlistServer.self
        case .sendkit: SendKitServer.self
        }
    }
}

/// A provider's honest answers, in the order in which it looks at a request: key, limits, route.
struct ProviderRouter {
    let simulator: Simulator
    let platform: Platform
    let faults: Set<Fault>

    /// The answer to a request; `path` is what stands behind the provider's name.
    func answer(to request: Request, path: ArraySlice<Substring>) -> SimulatedResponse {
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

    private func routed(_ request: Request, _ path: [Substring], _ key: String) -> SimulatedResponse {
        let matches = platform.api.routes.compactMap { route in route.match(path).map { (route, $0) } }
        guard !matches.isEmpty else { return platform.api.refusal(.notFound) }
        guard let (route, variables) = matches.first(where: { $0.0.method == request.method }) else {
            var answer = platform.api.refusal(.methodNotAllowed)
            answer.headers.append(("Allow", matches.map(\.0.method).joined(separator: ", ")))
            return answer
        }
        let scene = simulator.scene(of: platform, for: key)
        return route.answer(
            APIRequest(request: request, variables: variables, scene: scene, clock: simulator.clock, faults: faults)
        )
    }
}

/// A method and a path with what answers them.
struct Route {
    let method: String
    private let pattern: [Substring]
    private let handle: @Sendable (APIRequest) throws(Refusal) -> SimulatedResponse

    /// A route; a part of the pattern that starts with a colon stands for any text: `campaigns/:id/stats`.
    init(
        _ method: String,
        _ pattern: String,
        _ handle: @escaping @Sendable (APIRequest) throws(Refusal) -> SimulatedResponse
    ) {
        self.method = method
        self.pattern = pattern.split(separator: "/")
        self.handle = handle
    }

    /// The texts that the path has in place of the pattern's variables; `nil` where the path is another.
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

    /// The answer to a call of this route.
    func answer(_ call: APIRequest) -> SimulatedResponse {
        do {
            return try handle(call)
        } catch {
            return error.answer
        }
    }
}

/// A call that a route answers: the request, and the world as its caller sees it.
struct APIRequest {
    let request: Request
    /// The texts in place of the route's variables.
    let variables: [String]
    let scene: WorldSnapshot
    let clock: SimulatedClock
    let faults: Set<Fault>

    /// The text in place of the route's first variable.
    var id: String { variables.first ?? "" }

    /// The first value of a query field that has one.
    func query(_ name: String) -> String? {
        request.query.first { $0.name == name && !$0.value.isEmpty }?.value
    }

    /// All values of a query field.
    func queries(_ name: String) -> [String] {
        request.query.filter { $0.name == name && !$0.value.isEmpty }.map(\.value)
    }

    /// The body as a JSON object of this form; `nil` where it is none.
    func body<Form: Decodable>(_ form: Form.Type) -> Form? {
        try? JSONDecoder().decode(form, from: Data(request.body))
    }

    /// A moment as the wire shows it.
    func timestamp(_ moment: Moment) -> JSON {
        .string(CivilDate(seconds: clock.date(of: moment)).timestamp)
    }
}

/// What a simulated provider says before it becomes bytes, so that faults can still rewrite it.
struct SimulatedResponse {
    /// The body, as a value or as it goes out.
    enum Body {
        case json(JSON)
        case text(String, type: String)
    }

    var status = 200
    var headers: [(name: String, value: String)] = []
    var body: Body

    /// An answer in JSON.
    static func json(_ body: JSON, status: Int = 200) -> SimulatedResponse {
        SimulatedResponse(status: status, body: .json(body))
    }

    /// An answer in plain text.
    static func text(_ text: String, status: Int) -> SimulatedResponse {
        SimulatedResponse(status: status, body: .text(text, type: "text/plain; charset=utf-8"))
    }

    /// The answer as it goes out.
    var response: Response {
        switch body {
        case .json(let json):
            let type = (name: "Content-Type", value: "application/json; charset=utf-8")
            return Response(status: status, headers: [type] + headers, body: [json.bytes])
        case .text(let text, let type):
            let type = (name: "Content-Type", value: type)
            return Response(status: status, headers: [type] + headers, body: [Array(text.utf8)])
        }
    }
}

extension String {
    /// What an `Authorization` header holds behind its scheme; `nil` for another scheme and for no good key.
    func credentials(of scheme: String) -> String? {
        let parts = split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == scheme.lowercased() else { return nil }
        return String(parts[1]).goodKey
    }

    /// This key, unless it is empty or begins with `bad-`: the only keys that the simulator does not know.
    var goodKey: String? { isEmpty || hasPrefix("bad-") ? nil : self }

    /// The text behind a Base64 encoding.
    var decodedBase64: String? {
        Data(base64Encoded: self).flatMap { String(validating: $0, as: UTF8.self) }
    }
}
