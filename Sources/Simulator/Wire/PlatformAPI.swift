// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer

/// One provider's side of the wire.
protocol PlatformAPI {
    /// The limits that each key is held to.
    static var limits: [RateLimit] { get }
    /// The routes that it serves.
    static var routes: [Route] { get }

    /// Who calls; throws the answer that a caller without a usable key gets.
    static func account(of request: Request, path: String) throws(Refusal) -> String

    /// The provider's words for an error that is no matter of the route.
    static func refusal(_ kind: RefusalKind) -> WireAnswer

    /// Headers that tell the caller where it stands with its limits.
    static func headers(for verdict: RateLimiter.Verdict) -> [(name: String, value: String)]
}

/// Errors that every provider knows and each words in its own way.
enum RefusalKind {
    case unauthorized, paymentRequired, notFound, methodNotAllowed, rateLimited, serverError
}

/// An answer in place of the one asked for.
struct Refusal: Error {
    let answer: WireAnswer
}

extension Platform {
    /// The provider's side of the wire.
    var api: any PlatformAPI.Type {
        switch self {
        case .instantly: InstantlyAPI.self
        case .lemlist: LemlistAPI.self
        case .sendkit: SendKitAPI.self
        }
    }
}
