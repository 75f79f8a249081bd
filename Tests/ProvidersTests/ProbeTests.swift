// SPDX-License-Identifier: Apache-2.0

import Collection
import HTTPClient
import Outreach
import Testing

@testable import Providers

/// One cheap request to each endpoint of the account.
@Suite(.timeLimit(.minutes(15))) struct ProbeTests {
    /// The requests of a probe, as the ends of their paths, by part.
    struct Endpoints: Sendable, CustomTestStringConvertible {
        let provider: TestProvider
        let parts: [DataPart: [String]]

        var testDescription: String { provider.testDescription }
    }

    static let endpoints = [
        Endpoints(
            provider: .instantly,
            parts: [
                .campaigns: ["/campaigns", "/campaigns/analytics"],
                .details: ["/analytics/overview", "/analytics/steps"],
                .mailboxes: ["/accounts", "/warmup-analytics"], .domainChecks: ["/test/vitals"],
            ]
        ),
        Endpoints(
            provider: .lemlist,
            parts: [
                .campaigns: ["/lemlist/campaigns"], .details: ["/stats/batch", "/cam_1000/stats"],
                .mailboxes: ["/team", "/users/usr_1", "/lemwarm/usm_usr_1/settings"],
            ]
        ),
        Endpoints(
            provider: .sendKit,
            parts: [
                .campaigns: ["/v1/campaigns"], .details: ["/analytics"],
                .mailboxes: ["/v1/mailboxes", "/warmup/stats"],
            ]
        ),
    ]

    @Test("Every endpoint that the configuration uses gets one request", arguments: endpoints)
    func all(_ endpoints: Endpoints) async throws {
        let (source, record) = try await endpoints.provider.source()
        #expect(await source.probe().errors.isEmpty)
        let paths = endpoints.parts.values.flatMap(\.self)
        #expect(record.requests.count == paths.count)
        for path in paths { #expect(record.requests.count { $0.pathText.hasSuffix(path) } == 1, "\(path)") }
        for request in record.requests where request.query["limit"] != nil { #expect(request.query["limit"] == "1") }
    }

    @Test("A refused endpoint is an error of its part, with its route", arguments: endpoints)
    func refused(_ endpoints: Endpoints) async throws {
        for (part, paths) in endpoints.parts {
            for path in paths {
                let errors = try await probe(endpoints.provider, refusing: path)
                let error = try #require(errors[part]?.first, "\(path)")
                #expect(errors[part]?.count == 1)
                #expect(error.isRefusal && error.part == part)
                let end = path.split(separator: "/").last.map(String.init) ?? ""
                #expect(error.route?.hasSuffix(end == "usr_1" ? "{id}" : end) == true)
            }
        }
    }

    @Test("A part that needs a refused listing fails with it", arguments: endpoints)
    func dependent(_ endpoints: Endpoints) async throws {
        let campaigns = try #require(endpoints.parts[.campaigns]?.first)
        let errors = try await probe(endpoints.provider, refusing: campaigns)
        #expect(Set(errors.keys) == [.campaigns, .details])
        #expect(errors[.details]?.map(\.part) == [.campaigns])
    }

    @Test("What is switched off is not tested", arguments: endpoints)
    func excluded(_ endpoints: Endpoints) async throws {
        let (source, record) = try await endpoints.provider.source {
            $0.steps = false
            $0.mailboxes = false
        }
        #expect(await source.probe().errors.isEmpty)
        for path in endpoints.provider.mailboxPaths + endpoints.provider.stepPaths {
            #expect(!record.requests.contains { $0.url.contains(path) }, "\(path)")
        }
        let (other, requests) = try await endpoints.provider.source { $0.domains = false }
        #expect(await other.probe().errors.isEmpty)
        #expect(!requests.requests.contains { $0.url.hasSuffix("/vitals") })
    }

    @Test("An empty account is fine", arguments: [TestProvider.instantly, .sendKit])
    func empty(_ provider: TestProvider) async throws {
        #expect(try await provider.source(under: .empty).source.probe().errors.isEmpty)
    }

    /// The errors where the paths with an end respond with 403.
    private func probe(_ provider: TestProvider, refusing end: String) async throws -> [DataPart: [APIError]] {
        let transport = RefusingTransport(other: try await provider.open(nil), end: end)
        let settings = AccountSettings(
            account: Account(provider: provider.kind.name, name: "acme"),
            key: Secret(TestProvider.key),
            baseURL: provider.baseURL
        )
        return await provider.kind.source(for: settings, in: .test(transport)).probe().errors
    }
}

/// Responds with 403 to the requests whose path has an end.
private struct RefusingTransport: Transport {
    let other: any Transport
    let end: String

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        if request.pathText.hasSuffix(end) { return .text("Forbidden", status: 403) }
        return try await other.send(request)
    }
}

extension HTTPRequest {
    fileprivate var pathText: String { "/" + path.joined(separator: "/") }
}
