// SPDX-License-Identifier: Apache-2.0

import Collection
import Foundation
import Outreach
import Testing

@testable import Providers

@Suite struct UnusableValueTests {
    private func decode<Value: Decodable>(_ json: String) throws -> (value: Value, unusable: [UnusableValue]) {
        let unusable = UnusableValues()
        let decoder = JSONDecoder()
        decoder.userInfo[try #require(UnusableValues.key)] = unusable
        let value = try decoder.decode(Value.self, from: JSONText(Array(json.utf8)).data)
        return (value, unusable.all)
    }

    @Test(
        "A value that a counter cannot have is left out and told with route, field and campaign",
        arguments: [
            "-1", "1e400", "9223372036854775808", "true", "[1]", "{}", "00012", "0.5", #""seven""#, #""-3""#, "1e16",
        ]
    )
    func unusable(_ json: String) throws {
        let row = #"{"campaign_id":"c7","emails_sent_count":\#(json),"bounced_count":3}"#
        let (value, unusable): ([InstantlyAnalytics], [UnusableValue]) = try decode("[\(row),\(row)]")
        let bounced = ["messages_bounced_total": 3.0]
        #expect(value.map(\.measures.byName) == [bounced, bounced])
        var expected = UnusableValue(route: "/api/v2/campaigns/analytics", field: "emails_sent_count", row: "c7")
        expected.count = 2
        #expect(unusable == [expected])
    }

    @Test(
        "What is missing, null, empty or a number in a text is no reason to complain",
        arguments: [
            "null", #""""#, "7", #""7""#, "7.0", "0",
        ]
    )
    func usable(_ json: String) throws {
        let row = #"{"campaign_id":"c7","emails_sent_count":\#(json),"total_opportunity_value":0.5}"#
        let (value, unusable): (InstantlyAnalytics, [UnusableValue]) = try decode(row)
        #expect(value.measures[.opportunityValue] == 0.5, "a gauge may be a fraction")
        #expect(unusable == [])
    }

    @Test("Of two values of one name the first counts")
    func duplicates() throws {
        let (value, _): (InstantlyOverview, [UnusableValue]) = try decode(#"{"open_count":1,"open_count":2}"#)
        #expect(value.measures[.opens] == 1)
    }

    @Test("A body is as many values as it has commas, colons and opening brackets outside of texts, and one")
    func count() {
        let body = Array(#"{"a,[{:\"":[0,1,{"b":"\\"}]}"#.utf8)
        #expect(JSONValueCount(body, limit: 8).isExceeded == false)
        #expect(JSONValueCount(body, limit: 7).isExceeded)
        let zeros = Array(("[" + String(repeating: "0,", count: JSONValueCount.limit) + "0]").utf8)
        #expect(JSONValueCount(zeros).isExceeded)
        #expect(JSONValueCount([UInt8](repeating: UInt8(ascii: " "), count: 2_000_000)).isExceeded == false)
    }

    @Test("A body of too many values is an error of its call, before it is decoded")
    func tooMany() async throws {
        let body = #"{"success":true,"data":["# + String(repeating: "0,", count: JSONValueCount.limit) + "0]}"
        let source = SendKit.stub { _ in .text(body, status: 200) }
        let error = await #expect(throws: APIError.self) { _ = try await source.listing() }
        #expect(error?.text == "the answer is too large: more than 600000 values")
    }
}
