// SPDX-License-Identifier: Apache-2.0

import Foundation
import Outreach
import Testing

@testable import Providers

@Suite struct ScalarTests {
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
        "Flags may come as numbers and texts",
        arguments: [("true", true), ("0", false), (#""True""#, true), (#""1""#, true), (#""yes""#, nil), ("2", nil)]
    )
    func flags(_ json: String, _ expected: Bool?) throws {
        #expect(try scalar(json)?.flag == expected)
    }

    @Test(
        "Moments come with and without fractions and zones",
        arguments: [
            (#""2025-06-15T09:00:00.000Z""#, 1_749_978_000), (#""2025-06-15T11:00:00+02:00""#, 1_749_978_000),
            (#""yesterday""#, nil), ("1749978000", nil),
        ]
    )
    func moments(_ json: String, _ expected: Double?) throws {
        #expect(try scalar(json)?.moment == expected)
    }

    @Test("Units are brought to base units; what is negative counts nothing")
    func units() {
        #expect(FieldUnit.percent.read(.number(87)) == 0.87)
        #expect(FieldUnit.flag.read(.flag(true)) == 1)
        #expect(FieldUnit.number.read(.text("12")) == 12)
        #expect(FieldUnit.number.read(.number(-1)) == nil)
    }

    @Test(
        "Variants are letters",
        arguments: [
            ("0", "A"), ("25", "Z"), ("26", "AA"), ("701", "ZZ"), ("702", nil), ("-1", nil), ("b", "B"), ("", nil),
            ("0_1_0", nil), ("control", nil), (nil, nil),
        ]
    )
    func variants(_ text: String?, _ expected: String?) {
        #expect(Step.variant(text) == expected)
    }

    private func scalar(_ json: String) throws -> JSONScalar? {
        try JSONDecoder().decode([String: Wrapper].self, from: Data(#"{"row":{"value":\#(json)}}"#.utf8))["row"]?.value
    }

    private struct Wrapper: JSONDecodable {
        let value: JSONScalar?

        init(row: JSONObject) {
            value = row.value("value")
        }
    }
}
