// SPDX-License-Identifier: Apache-2.0

import Collection
import HTTPClient
import Outreach
import Testing

@testable import Providers

/// One cheap request to each endpoint of the account.
@Suite(.timeLimit(.minutes(30))) struct ProbeTests {
    @Test("Every endpoint that the configuration uses gets one request", arguments: TestProvider.stubs)
    func all(_ provider: TestProvider) async throws {
        let (source, record) = try await provider.source()
        #expect(await source.probe().errors.isEmpty)
        let paths = provider.probes.values.flatMap(\.self)
        #expect(record.requests.count == paths.count)
        for path in paths { #expect(record.requests.count { $0.pathText.hasSuffix(path) } == 1, "\(path)") }
        for request in record.requests where request.query["limit"] != nil { #expect(request.query["limit"] == "1") }
    }

    @Test("A refused endpoint is an error of its part, with its route", arguments: TestProvider.stubs)
    func refused(_ provider: TestProvider) async throws {
        for (part, paths) in provider.probes {
            for path in paths {
                let errors = try await probe(provider, refusing: path)
                let error = try #require(errors[part]?.first, "\(path)")
                #expect(errors[part]?.count == 1)
                #expect(error.isRefusal && error.part == part)
                let end = path.split(separator: "/").last.map(String.init) ?? ""
                let route = error.route.map { $0.split(separator: "/").joined(separator: "/") }
                #expect(route?.hasSuffix(end == "usr_1" ? "{id}" : end) == true)
            }
        }
    }

    @Test("A part that needs a refused listing fails with it", arguments: TestProvider.stubs)
    func dependent(_ provider: TestProvider) async throws {
        let campaigns = try #require(provider.probes[.campaigns]?.first)
        let errors = try await probe(provider, refusing: campaigns)
        #expect(Set(errors.keys) == [.campaigns, .details])
        #expect(errors[.details]?.map(\.part) == [.campaigns])
    }

    @Test("What is switched off is not tested", arguments: TestProvider.stubs)
    func excluded(_ provider: TestProvider) async throws {
        let (source, record) = try await provider.source {
            $0.steps = false
            $0.mailboxes = false
        }
        #expect(await source.probe().errors.isEmpty)
        for path in provider.mailboxPaths + provider.stepPaths {
            #expect(!record.requests.contains { $0.url.contains(path) }, "\(path)")
        }
        let (other, requests) = try await provider.source { $0.domains = false }
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
