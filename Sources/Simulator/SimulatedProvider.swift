// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer

/// A provider whose API the simulator serves.
package struct SimulatedProvider: Sendable, Hashable, CaseIterable {
    package static let instantly = SimulatedProvider(server: InstantlyServer.self)
    package static let lemlist = SimulatedProvider(server: LemlistServer.self)
    package static let sendkit = SimulatedProvider(server: SendKitServer.self)
    package static let emailbison = SimulatedProvider(server: EmailBisonServer.self)
    package static let smartlead = SimulatedProvider(server: SmartleadServer.self)

    /// All providers, in the order of the documentation; a new one is a folder beside theirs and two entries here.
    package static let allCases: [SimulatedProvider] = [
        .instantly, .lemlist, .sendkit, .emailbison, .smartlead,
    ]

    /// The provider's side of its API, and the kind of accounts that it has.
    let server: any ProviderServer.Type
}

extension SimulatedProvider {
    package init?(rawValue name: String) {
        guard let provider = Self.allCases.first(where: { $0.rawValue == name }) else { return nil }
        self = provider
    }

    /// The name, which is also the first component of its paths: `instantly`.
    package var rawValue: String { server.name }

    /// The path of an account's base URL, after the simulator's address.
    package var path: String { server.path }

    package static func == (left: SimulatedProvider, right: SimulatedProvider) -> Bool {
        left.rawValue == right.rawValue
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}

/// A simulated provider: credentials, rate limits, routes and error responses of its API, and what its accounts are like.
protocol ProviderServer: Sendable {
    /// The provider's name, which its paths begin with: `instantly`.
    static var name: String { get }
    /// The name in prose: `Instantly`.
    static var title: String { get }
    /// The path of an account's base URL, which begins with the name.
    static var path: String { get }

    /// The rate limits of each key; headers report the first.
    static var limits: [RateLimit] { get }
    /// The routes, in no particular order.
    static var routes: [Route] { get }
    /// The faults of certain routes.
    static var faults: [RouteFault] { get }
    /// Fields that identify a row or contain rows, which `missing-fields` keeps beside those of `JSON.requiredFields`.
    static var requiredFields: Set<String> { get }

    /// The account that the credentials of a request open; `nil` where they are missing or wrong.
    ///
    /// - Throws: what the provider answers instead of `unauthorized`.
    static func account(of request: Request, path: String) throws(ResponseError) -> String?

    /// The provider's response to an error that any route can have.
    static func errorResponse(_ kind: HTTPErrorKind) -> ProviderResponse

    static func headers(for verdict: SimulatedRateLimiter.Verdict) -> [(name: String, value: String)]

    /// The states of the tenth campaign of each dozen, in turn.
    static var specialStates: [CampaignState] { get }

    static func campaignID(_ generator: inout SeededGenerator) -> String

    static func mailboxID(_ generator: inout SeededGenerator) -> String

    /// Generates the id of an account's team or organization.
    static func teamID(_ generator: inout SeededGenerator) -> String

    /// Generates a campaign's steps and variants as the provider allows them, in the order in which it reports them.
    static func variants(of template: SequenceTemplate, _ generator: inout SeededGenerator) -> [StepVariant]
}

extension ProviderServer {
    static var path: String { "/\(name)" }
    static var requiredFields: Set<String> { [] }
    static var specialStates: [CampaignState] { [.archived] }

    static func headers(for verdict: SimulatedRateLimiter.Verdict) -> [(name: String, value: String)] {
        [("X-RateLimit-Limit", String(verdict.limit)), ("X-RateLimit-Remaining", String(verdict.remaining))]
            + (verdict.isAllowed ? [] : [("Retry-After", String(verdict.retryAfter))])
    }

    static func variants(of template: SequenceTemplate, _ generator: inout SeededGenerator) -> [StepVariant] {
        template.steps.flatMap { template.variants(ofStep: $0, namesEvery: true, &generator) }
    }

    static func mailboxID(_ generator: inout SeededGenerator) -> String { Identifier.objectID(&generator) }
    static func teamID(_ generator: inout SeededGenerator) -> String { Identifier.uuid(&generator) }
}

/// The HTTP errors that any route can have; each provider has its own bodies for them.
enum HTTPErrorKind {
    case unauthorized, paymentRequired, forbidden, notFound, methodNotAllowed, rateLimited, serverError
}

/// An error that a handler throws, with the response to send.
struct ResponseError: Error {
    let response: ProviderResponse
}
