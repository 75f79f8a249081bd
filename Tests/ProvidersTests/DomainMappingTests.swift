// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Testing

@testable import Providers

@Suite struct DomainMappingTests {
    @Test("A campaign's failure is its own, a refused key everybody's")
    func details() async throws {
        let details = try await ["a", "b"].results { id async throws(APIError) in
            guard id == "a" else { throw .timedOut }
            return Campaign(id: id)
        }
        #expect(details == ["a": .success(Campaign(id: "a")), "b": .failure(.timedOut)])
        let refusal = APIError.refused(status: 401, advice: "")
        await #expect(throws: refusal) {
            try await ["a"].results { _ async throws(APIError) in throw refusal }
        }
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

    @Test("A domain check passes only if it does for all mailboxes")
    func mergedChecks() {
        let checks = [("b.example", "spf", true), ("A.example", "spf", true), ("a.example", "spf", false)]
            .map { DomainCheck(domain: $0, check: $1, passed: $2) }
        #expect(
            DomainCheck.merged(checks) == [
                DomainCheck(domain: "a.example", check: "spf", passed: false),
                DomainCheck(domain: "b.example", check: "spf", passed: true),
            ]
        )
    }
}
