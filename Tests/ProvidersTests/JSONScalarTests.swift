// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Providers

@Suite struct JSONScalarTests {
    @Test(
        "A number is a number in any spelling",
        arguments: [
            ("7", 7), ("-7", -7), ("7.5", 7.5), (#""42""#, 42), (#""4.2e1""#, 42), ("1e15", 1e15), ("0", 0),
        ]
    )
    func numbers(_ json: String, _ expected: Double) throws {
        #expect(try scalar(json)?.number == expected)
    }

    @Test(
        "Garbage, infinity and absurd sizes are no numbers",
        arguments: [
            "null", "true", "{}", "[]", #""""#, #"" 7""#, #""seven""#, #""nan""#, #""inf""#, #""0x10""#, #""87%""#,
            "1e16", #""1e400""#, "1e400", "123456789012345678901234567890",
        ]
    )
    func garbage(_ json: String) throws {
        #expect(try scalar(json)?.number == nil)
    }

    @Test(
        "Codes are texts, be they numbers or not",
        arguments: [
            ("-99", "-99"), ("1.0", "1"), ("1.5", "1.5"), (#""a""#, "a"), ("true", "true"), ("1e300", "1e+300"),
        ]
    )
    func texts(_ json: String, _ expected: String) throws {
        #expect(try scalar(json)?.text == expected)
    }

    @Test(
        "Booleans may come as numbers and texts",
        arguments: [("true", true), ("0", false), (#""True""#, true), (#""1""#, true), (#""yes""#, nil), ("2", nil)]
    )
    func booleans(_ json: String, _ expected: Bool?) throws {
        #expect(try scalar(json)?.bool == expected)
    }

    @Test(
        "Dates come with and without fractions and zones",
        arguments: [
            (#""2025-06-15T09:00:00.000Z""#, 1_749_978_000), (#""2025-06-15T11:00:00+02:00""#, 1_749_978_000),
            (#""yesterday""#, nil), ("1749978000", nil),
        ]
    )
    func dates(_ json: String, _ expected: Double?) throws {
        #expect(try scalar(json)?.date == expected)
    }

    @Test("Units are brought to base units; what is negative counts nothing")
    func units() {
        #expect(FieldUnit.percent.read(.number(87)) == 0.87)
        #expect(FieldUnit.bool.read(.bool(true)) == 1)
        #expect(FieldUnit.number.read(.text("12")) == 12)
        #expect(FieldUnit.number.read(.number(-1)) == nil)
    }

    private func scalar(_ json: String) throws -> JSONScalar? {
        try JSONDecoder().decode([String: Wrapper].self, from: Data(#"{"row":{"value":\#(json)}}"#.utf8))["row"]?.value
    }

    private struct Wrapper: JSONDecodable {
        let value: JSONScalar?

        init(json: JSONObject) {
            value = json.value("value")
        }
    }
}
