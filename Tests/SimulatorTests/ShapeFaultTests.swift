// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPServer
import Testing

@testable import Simulator

/// Answers that public evidence shows beside the documented ones.
@Suite struct ShapeFaultTests {
    private static let analytics = "api/v2/campaigns/analytics"

    private let client = SimulatorClient()

    private func set(_ faults: Fault...) {
        client.simulator.setFaults(faults.map { FaultRule($0) })
    }

    private func campaigns(_ provider: SimulatedProvider) -> [SimulatedCampaign] {
        client.simulator.snapshot(of: provider, for: client.key).campaigns
    }

    @Test(
        "Errors dressed as success and blocks of a CDN answer at every route",
        arguments: SimulatedProvider.allCases,
        [
            (Fault.errorAsSuccess, 200, "application/json", "Invalid API key"),
            (.successFalse, 200, "application/json", #""success":false"#),
            (.textAsJSON, 200, "application/json", "Something went wrong"),
            (.blocked1010, 403, "text/plain", "error code: 1010"),
            (.blockedChallenge, 403, "text/html", "Just a moment"), (.blocked522, 522, "text/html", "522"),
            (.brotli, 200, "application/json", "brotli"),
        ]
    )
    func everywhere(_ provider: SimulatedProvider, _ row: (fault: Fault, status: Int, type: String, text: String))
        throws
    {
        set(row.fault)
        let response = try client.call(provider, provider.api.listing)
        #expect(response.status == row.status && response.text.contains(row.text))
        #expect(response.header("Content-Type")?.hasPrefix(row.type) == true)
        #expect((response.header("Server") == "cloudflare") == (row.status != 200))
        #expect((response.header("cf-mitigated") == "challenge") == (row.fault == .blockedChallenge))
        #expect((response.header("Content-Encoding") == "br") == (row.fault == .brotli))
    }

    @Test("lemlist's batch route answers with anything but a batch")
    func batch() throws {
        let id = campaigns(.lemlist)[0].id
        let body = "{\"campaignIds\":[\"\(id)\"],\"startDate\":\"2018-01-01\",\"endDate\":\"2026-12-31\"}"
        let call = { try client.call(.lemlist, "v2/campaigns/stats/batch", method: "POST", body: body) }
        set(.batchHTML)
        #expect(try call().text.hasPrefix("<!DOCTYPE html>") && call().status == 200)
        set(.batchEmpty)
        #expect(try call().bytes.isEmpty && call().status == 200)
        set(.batchGone)
        #expect(try call().status == 410)
        set(.noPagination)
        let listing = try client.object(.lemlist, "campaigns", [("version", "v2"), ("page", "1")])
        #expect(Set(listing.keys) == ["campaigns"])
    }

    @Test("Instantly's analytics are null, an object, empty or late")
    func instantlyAnalytics() throws {
        let rows = try client.rows(.instantly, Self.analytics)
        set(.analyticsNull)
        #expect(try client.call(.instantly, Self.analytics).text == "null")
        set(.analyticsItems)
        #expect(try cast(client.object(.instantly, Self.analytics)["items"], to: [Any].self).count == rows.count)
        set(.emptyBody)
        #expect(try client.call(.instantly, Self.analytics).bytes.isEmpty)
        set(.slowAnalytics)
        guard case .hang = client.request(.instantly, Self.analytics) else { throw UnexpectedResponse() }
        let quick = try client.rows(.instantly, Self.analytics, [("exclude_total_leads_count", "true")])
        #expect(quick.count == rows.count && quick.allSatisfy { $0["leads_count"] == nil })
    }

    @Test("SendKit's stats move, are renamed, and its breakdown becomes a list")
    func sendKitDrift() throws {
        let path = "v1/campaigns/\(campaigns(.sendkit)[0].id)/analytics"
        let data = { try cast(client.object(.sendkit, path)["data"], to: [String: Any].self) }
        let stats: [String: Int] = try cast(data()["stats"])
        let breakdown: [String: Int] = try cast(data()["statusBreakdown"])
        set(.flattenedStats)
        #expect(try data()["stats"] == nil && data()["sent"] as? Int == stats["sent"])
        set(.renamedStats)
        #expect(try data()["stats"] == nil && data()["statistics"] as? [String: Int] == stats)
        set(.statusBreakdownList)
        let list: [[String: Any]] = try cast(data()["statusBreakdown"])
        let counts = list.map { ($0["_id"] as? String ?? "", $0["count"] as? Int ?? 0) }
        #expect(Dictionary(uniqueKeysWithValues: counts) == breakdown)
        let variants = {
            try cast(data()["stepAnalytics"], to: [[String: Any]].self).map {
                try cast($0["_id"], to: [String: Any].self)
            }
            .map { $0["variant"] as? String }
        }
        set()
        let named = try variants()
        set(.emptyVariant)
        #expect(try variants() == named.map { $0 ?? "" })
    }

    @Test("A page of a hundred campaigns passes 16 MiB, one of fifty does not", arguments: Fault.hugeRows.providers)
    func huge(_ provider: SimulatedProvider) throws {
        let client = SimulatorClient { $0.campaigns = 110 }
        client.simulator.setFaults([FaultRule(.hugeRows)])
        let bytes = { limit in
            // Chunk by chunk: to join 45 MB takes an unoptimized build minutes.
            try client.call(provider, provider.api.listing, [("limit", limit)]).body.reduce(0) { $0 + $1.count }
        }
        #expect(try bytes("100") > 16 << 20)
        #expect(try (10 << 20...16 << 20).contains(bytes("50")))
    }

    @Test("Instantly's steps count from zero, and some have no name")
    func steps() throws {
        let query = [("campaign_id", campaigns(.instantly)[0].id)]
        let rows = { try client.rows(.instantly, "api/v2/campaigns/analytics/steps", query) }
        let numbers = { try rows().compactMap { $0["step"] as? String }.compactMap { Int($0) } }
        let before = try numbers()
        #expect(before.min() == 1)
        set(.stepsFromZero)
        #expect(try numbers() == before.map { $0 - 1 })
        set(.stepLiterals)
        let literals = try rows().suffix(3)
        #expect(literals.map { $0["step"] as? String } == ["\\N", "N/A", ""])
        #expect(literals.map { $0["variant"] as? String } == ["\\N", "N/A", ""])
        #expect(literals.allSatisfy { $0["sent"] as? Int == 1 })
    }

    @Test("Days come in two rows that add up, and one has no date")
    func days() throws {
        let query = [("campaign_id", campaigns(.instantly)[0].id)]
        let rows = { try client.rows(.instantly, "api/v2/campaigns/analytics/daily", query) }
        let sent = { (rows: [[String: Any]]) in
            rows.reduce(into: [:]) { days, row in
                days[row["date"] as? String ?? "", default: 0] += row["sent"] as? Int ?? 0
            }
        }
        let before = try rows()
        set(.duplicateDays)
        #expect(try rows().count == 2 * before.count && sent(rows()) == sent(before))
        set(.dayWithoutDate)
        #expect(try rows().map { $0["date"] as? String } == before.map { $0["date"] as? String } + [nil])
    }

    @Test("The first campaign's name ends with half of a pair", arguments: SimulatedProvider.allCases)
    func surrogate(_ provider: SimulatedProvider) throws {
        set(.loneSurrogate)
        let text = try client.call(provider, provider.api.listing).text
        #expect(text.contains(#"\ud83d""#))
        #expect(throws: (any Error).self) { try JSONSerialization.jsonObject(with: Data(text.utf8)) }
    }

    @Test("A day as the end is exclusive, or inclusive under the fault; an instant means the same under both")
    func endDates() throws {
        let id = campaigns(.instantly)[0].id
        let other = campaigns(.sendkit)[0].id
        let days = { (end: String) in
            try client.rows(
                .instantly,
                "api/v2/campaigns/analytics/daily",
                [("campaign_id", id), ("start_date", "2026-05-04"), ("end_date", end)]
            )
            .compactMap { $0["date"] as? String }
        }
        let sent = { (end: String) in
            let stats = try client.rows(.instantly, Self.analytics, [("id", id), ("end_date", end)])
            let answer = try client.object(.sendkit, "v1/campaigns/\(other)/analytics", [("to", end)])
            let data: [String: [String: Any]?] = [
                "stats": try cast(cast(answer["data"], to: [String: Any].self)["stats"])
            ]
            return [stats.first?["emails_sent_count"] as? Int, data["stats"]??["sent"] as? Int]
        }
        let instant = "2026-05-06T23:59:59.999Z"
        let (through, until) = (try days(instant), try days("2026-05-06"))
        #expect(through.last == "2026-05-06" && until.last == "2026-05-05")
        let sentThrough = try sent(instant)
        #expect(try sent("2026-05-06") != sentThrough && sent("2026-05-07") == sentThrough)
        set(.inclusiveEndDate)
        #expect(try days(instant) == through && days("2026-05-06") == through)
        #expect(try sent(instant) == sentThrough && sent("2026-05-06") == sentThrough)
    }
}
