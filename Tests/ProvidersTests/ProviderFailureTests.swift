// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Providers
import Testing

/// What every provider must do when something goes wrong.
@Suite struct ProviderFailureTests {
    @Test("A refused key is told apart and comes with advice", arguments: Stage.all)
    func refused(_ stage: Stage) async throws {
        for (fault, expected) in [(Fault.unauthorized, 401), (.paymentRequired, 402)] {
            for failure in try await failures(of: stage, under: fault) {
                guard case .refused(let status, let advice) = failure else {
                    Issue.record("\(fault): \(failure)")
                    continue
                }
                #expect(status == expected)
                #expect(advice.lowercased().contains(stage.kind.name))
            }
        }
    }

    @Test("What a key may not do is refused, not retried", arguments: Stage.tables)
    func forbidden(_ stage: Stage) async throws {
        for failure in try await failures(of: stage, under: .forbidden) {
            guard case .refused(403, _) = failure else {
                Issue.record("\(failure)")
                continue
            }
        }
    }

    @Test(
        "Trouble of each kind is known for what it is",
        arguments: Stage.all,
        [
            (Fault.rateLimit, "429"), (.serverError, "500"), (.redirect, "302"), (.notJSON, "200"),
            (.dropConnection, "error"),
        ]
    )
    func kinds(_ stage: Stage, _ trouble: (fault: Fault, code: String)) async throws {
        for failure in try await failures(of: stage, under: trouble.fault) { #expect(failure.code == trouble.code) }
    }

    @Test(
        "Every other trouble is told apart too",
        arguments: Stage.tables,
        [
            (Fault.rateLimit, APIError.throttled(retryAfter: .seconds(7))),
            (.rateLimitWithoutWait, .throttled(retryAfter: nil)),
            (.serverError, .unavailable(status: 500, retryAfter: nil)),
            (.maintenance, .unavailable(status: 503, retryAfter: .seconds(30))),
            (.redirect, .rejected(status: 302, reason: "redirect not followed; is the base URL right?")),
            (.notJSON, .invalid(status: 200, reason: "not JSON")),
            (.truncate, .invalid(status: 200, reason: "not JSON")),
            (.tooLarge, .invalid(status: 200, reason: "more than 16777216 bytes")),
            (.hang, .timedOut),
            (.dropConnection, .unreachable(reason: "connection reset")),
        ]
    )
    func told(_ stage: Stage, _ trouble: (fault: Fault, failure: APIError)) async throws {
        for failure in try await failures(of: stage, under: trouble.fault) { #expect(failure == trouble.failure) }
    }

    @Test("A cursor that never ends fails the listing soon", arguments: Stage.all)
    func endlessCursor(_ stage: Stage) async throws {
        let (source, record) = try await stage.source(under: .endlessCursor)
        let failure = await #expect(throws: APIError.self) { try await source.listing() }
        guard case .invalid(status: 200, reason: let reason) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(reason.hasPrefix("paging without end"))
        #expect(record.requests.count <= 20)
    }

    @Test("A campaign that is gone is gone alone", arguments: Stage.all)
    func gone(_ stage: Stage) async throws {
        let source = try await stage.source().source
        let known = try #require(try await source.listing().content.first).campaign.id
        let ids = source.detailBatch > 1 ? [known, stage.stranger] : [stage.stranger]
        let details = try await source.details(of: ids).content
        #expect(details.count == ids.count)
        // Where the campaign is only a filter on sums, its absence may be a sum of nothing.
        let left = try? details[stage.stranger]?.get().measures.byName.values.max()
        #expect(details[stage.stranger] == .failure(.gone) || left == 0)
        #expect(try details[known].map { try $0.get().measures.count > 0 } ?? true)
    }

    @Test("No failure repeats the key or an address", arguments: Stage.tables)
    func secrecy(_ stage: Stage) async throws {
        for failure in try await failures(of: stage, under: .echo) {
            guard case .rejected(400, let reason) = failure else {
                Issue.record("\(failure)")
                continue
            }
            #expect(reason.hasPrefix("Bad request from …"))
            for secret in [Stage.key, "lead.example"] + stage.authentication(Stage.key).values {
                #expect(!"\(failure)".contains(secret))
            }
        }
    }

    @Test("A source that prints itself keeps the key", arguments: Stage.all)
    func printing(_ stage: Stage) async throws {
        let source = try await stage.source().source
        var text = ""
        dump(source, to: &text)
        #expect(!text.contains(Stage.key))
    }

    /// What each of the calls of a source fails with.
    private func failures(of stage: Stage, under fault: Fault) async throws -> [APIError] {
        let known = try #require(try await stage.source().source.listing().content.first).campaign.id
        let source = try await stage.source(under: fault).source
        let detail = await #expect(throws: APIError.self) {
            _ = try await source.details(of: [known]).content[known]?.get()
        }
        let listing = await #expect(throws: APIError.self) { _ = try await source.listing() }
        let mailboxes = await #expect(throws: APIError.self) { _ = try await source.mailboxes() }
        return [listing, detail, mailboxes].compactMap(\.self)
    }
}
