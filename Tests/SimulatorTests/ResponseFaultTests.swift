// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Testing

@testable import Simulator

@Suite struct ResponseFaultTests {
    private let client = SimulatorClient()

    private func set(_ faults: Fault...) {
        client.simulator.setFaults(faults.map { FaultRule($0) })
    }

    @Test("An endless listing leads back to its start and never ends")
    func endless() throws {
        set(.endlessCursor)
        var (seen, cursor) = ([String](), String?.none)
        for _ in 0..<10 {
            let query = [("limit", "5")] + (cursor.map { [("starting_after", $0)] } ?? [])
            let page = try client.object(.instantly, "api/v2/campaigns", query)
            let rows: [[String: Any]] = try cast(page["items"])
            #expect(rows.count == 5)
            seen += rows.compactMap { $0["id"] as? String }
            cursor = try cast(page["next_starting_after"], to: String.self)
        }
        #expect(Set(seen).count == 12)
        for offset in [0, 100, 200] {
            let query = [("limit", "100"), ("offset", "\(offset)")]
            #expect(try client.rows(.lemlist, "campaigns", query).count == 100)
        }
        let numbered = try client.object(.lemlist, "campaigns", [("version", "v2"), ("page", "7")])
        #expect(try cast(numbered["pagination"], to: [String: Int].self)["nextPage"] == 8)
        let page = try client.object(.sendkit, "v1/campaigns", [("cursor", "c120")])
        #expect(try cast(page["pagination"], to: [String: Any].self)["hasMore"] as? Bool == true)
        #expect(try cast(page["data"], to: [Any].self).isEmpty == false)
    }

    @Test("A partial listing begins and then fails; where its end would be a lie it fails at once")
    func partial() throws {
        set(.partialList)
        let first = try client.object(.instantly, "api/v2/campaigns", [("limit", "100")])
        #expect(try cast(first["items"], to: [Any].self).count == 6)
        let cursor: String = try cast(first["next_starting_after"])
        #expect(try client.call(.instantly, "api/v2/campaigns", [("starting_after", cursor)]).status == 500)
        let numbered = try client.object(.lemlist, "campaigns", [("version", "v2"), ("page", "1")])
        #expect(try cast(numbered["pagination"], to: [String: Int].self)["nextPage"] == 2)
        #expect(try client.call(.lemlist, "campaigns", [("version", "v2"), ("page", "2")]).status == 500)
        #expect(try client.call(.lemlist, "campaigns").status == 500)
        let page = try client.object(.sendkit, "v1/campaigns")
        #expect(try cast(page["pagination"], to: [String: Any].self)["hasMore"] as? Bool == true)
        #expect(try client.call(.sendkit, "v1/campaigns", [("cursor", "c6")]).status == 500)
    }

    @Test("Numbers come as strings, and only they change")
    func strings() throws {
        let plain = try client.rows(.instantly, "api/v2/campaigns/analytics")[0]
        set(.numbersAsStrings)
        let row = try client.rows(.instantly, "api/v2/campaigns/analytics")[0]
        #expect(row["emails_sent_count"] as? String == (plain["emails_sent_count"] as? Int).map(String.init))
        #expect(row["campaign_is_evergreen"] as? Bool == plain["campaign_is_evergreen"] as? Bool)
        #expect(row["campaign_name"] as? String == plain["campaign_name"] as? String)
    }

    @Test("Every row comes twice")
    func duplicates() throws {
        set(.duplicateRows)
        #expect(try client.rows(.lemlist, "campaigns").count == 24)
        #expect(try client.rows(.instantly, "api/v2/campaigns/analytics").count == 22)
        let campaign = client.simulator.snapshot(of: .instantly, for: client.key).campaigns[0]
        let steps = try client.rows(.instantly, "api/v2/campaigns/analytics/steps", [("campaign_id", campaign.id)])
        #expect(steps.count == 16)
    }

    @Test("The same third of the fields is missing every time, what identifies a row never")
    func missing() throws {
        let names = Set(try client.rows(.instantly, "api/v2/campaigns/analytics")[0].keys)
        set(.missingFields)
        let rows = try client.rows(.instantly, "api/v2/campaigns/analytics")
        let left = Set(rows.flatMap(\.keys))
        #expect(left.isStrictSubset(of: names) && left.count > names.count / 3)
        #expect(rows.allSatisfy { Set($0.keys) == left && $0["campaign_id"] != nil })
        set(.missingFields, .numbersAsStrings, .duplicateRows)
        let combined = try client.rows(.instantly, "api/v2/campaigns/analytics")
        #expect(combined.count == 22 && combined.allSatisfy { Set($0.keys) == left })
    }

    @Test("Errors keep their form when faults rewrite bodies")
    func errors() throws {
        set(.numbersAsStrings, .missingFields)
        let wrong = try client.call(.instantly, "api/v2/campaigns", [("starting_after", "7")])
        #expect(wrong.text.hasPrefix(#"{"statusCode":400,"#))
    }
}
