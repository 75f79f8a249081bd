// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Providers
import Testing

/// What every provider must do when something goes wrong.
@Suite(.timeLimit(.minutes(30))) struct ProviderFailureTests {
    @Test("A refused key is told apart and comes with advice", arguments: TestProvider.all)
    func refused(_ provider: TestProvider) async throws {
        for (fault, expected) in [(Fault.unauthorized, 401), (.paymentRequired, 402)] {
            for failure in try await failures(of: provider, under: fault) {
                guard case .refused(let status, let advice) = failure.kind else {
                    Issue.record("\(fault): \(failure)")
                    continue
                }
                #expect(status == expected)
                #expect(advice.lowercased().contains(provider.kind.name))
            }
        }
    }

    @Test("What a key may not do is refused, not retried", arguments: TestProvider.stubs)
    func forbidden(_ provider: TestProvider) async throws {
        for failure in try await failures(of: provider, under: .forbidden) {
            guard case .refused(403, _) = failure.kind else {
                Issue.record("\(failure)")
                continue
            }
        }
    }

    @Test(
        "Trouble of each kind is known for what it is",
        arguments: TestProvider.all,
        [
            (Fault.rateLimit, "429"), (.serverError, "500"), (.redirect, "302"), (.notJSON, "200"),
            (.dropConnection, "error"),
        ]
    )
    func kinds(_ provider: TestProvider, _ trouble: (fault: Fault, code: String)) async throws {
        for failure in try await failures(of: provider, under: trouble.fault) { #expect(failure.code == trouble.code) }
    }

    @Test(
        "Every other trouble is told apart too",
        arguments: TestProvider.stubs,
        [
            (Fault.rateLimit, APIError.throttled(retryAfter: .seconds(7))),
            (.rateLimitWithoutWait, .throttled(retryAfter: nil)),
            (.serverError, .unavailable(status: 500, retryAfter: nil)),
            (.maintenance, .unavailable(status: 503, retryAfter: .seconds(30))),
            (.redirect, .rejected(status: 302, reason: "redirect not followed; is the base URL right?")),
            (.notJSON, .invalid(status: 200, reason: "a web page in place of an answer; is the base URL right?")),
            (.successFalse, .invalid(status: 200, reason: "an error in place of an answer: Something broke")),
            (.textAsJSON, .invalid(status: 200, reason: "text in place of JSON: Something broke")),
            (.emptyBody, .invalid(status: 200, reason: "an empty answer")),
            (.blocked1010, .blocked(status: 403, reason: "error code 1010")),
            (.blockedChallenge, .blocked(status: 503, reason: "a challenge page")),
            (.blockedPage, .blocked(status: 403, reason: "a web page")),
            (.blocked522, .blocked(status: 522, reason: "the CDN does not reach the API")),
            (.truncate, .invalid(status: 200, reason: "not JSON")),
            (.tooLarge, .tooLarge(reason: "more than 16777216 bytes")),
            (.hang, .timedOut),
            (.dropConnection, .unreachable(reason: "connection reset")),
        ]
    )
    func told(_ provider: TestProvider, _ trouble: (fault: Fault, failure: APIError)) async throws {
        let failures = try await failures(of: provider, under: trouble.fault)
        let isGone = trouble.fault == .emptyBody && provider.isNothingGone
        for failure in failures where !(isGone && failure == .gone) { #expect(failure == trouble.failure) }
    }

    @Test("A key that is refused under a status of success is refused", arguments: TestProvider.stubs)
    func disguisedRefusal(_ provider: TestProvider) async throws {
        for failure in try await failures(of: provider, under: .errorAsSuccess) {
            guard case .refused(200, let advice) = failure.kind else {
                Issue.record("\(failure)")
                continue
            }
            #expect(advice.contains(provider.kind.title) && advice.contains("Invalid API key"))
        }
    }

    @Test("A cursor that never ends fails the listing soon", arguments: TestProvider.all)
    func endlessCursor(_ provider: TestProvider) async throws {
        let (source, record) = try await provider.source(under: .endlessCursor)
        let failure = await #expect(throws: APIError.self) { try await source.listing() }
        guard case .invalid(status: 200, reason: let reason) = failure?.kind else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(reason.hasPrefix("paging without end"))
        #expect(record.requests.count <= 20)
    }

    @Test("A campaign that is gone is gone alone", arguments: TestProvider.all)
    func gone(_ provider: TestProvider) async throws {
        let source = try await provider.source().source
        let known = try #require(try await source.listing().content.first).campaign.id
        let ids = source.detailBatch > 1 ? [known, provider.unknownCampaign] : [provider.unknownCampaign]
        let details = try await source.details(of: ids).content
        #expect(details.count == ids.count)
        // Where the campaign is only a filter on sums, its absence may be a sum of nothing.
        let left = try? details[provider.unknownCampaign]?.get().measures.byName.values.max()
        #expect(details[provider.unknownCampaign] == .failure(.gone) || left == 0)
        #expect(try details[known].map { try $0.get().measures.count > 0 } ?? true)
    }

    @Test("No failure repeats the key or an address", arguments: TestProvider.stubs)
    func secrecy(_ provider: TestProvider) async throws {
        for failure in try await failures(of: provider, under: .echo) {
            guard case .rejected(400, let reason) = failure.kind else {
                Issue.record("\(failure)")
                continue
            }
            #expect(reason.hasPrefix("Bad request from …"))
            for secret in [TestProvider.key, "lead.example"] + provider.authentication(TestProvider.key).values {
                #expect(!"\(failure)".contains(secret))
            }
        }
    }

    @Test("A source that prints itself keeps the key", arguments: TestProvider.all)
    func printing(_ provider: TestProvider) async throws {
        let source = try await provider.source().source
        var text = ""
        dump(source, to: &text)
        #expect(!text.contains(TestProvider.key))
    }

    /// What each of the calls of a source fails with.
    private func failures(of provider: TestProvider, under fault: Fault) async throws -> [APIError] {
        let known = try #require(try await provider.source().source.listing().content.first).campaign.id
        let source = try await provider.source(under: fault).source
        let detail = await #expect(throws: APIError.self) {
            _ = try await source.details(of: [known]).content[known]?.get()
        }
        let listing = await #expect(throws: APIError.self) { _ = try await source.listing() }
        let mailboxes = await #expect(throws: APIError.self) { _ = try await source.mailboxes() }
        return [listing, detail, mailboxes].compactMap(\.self)
    }
}
