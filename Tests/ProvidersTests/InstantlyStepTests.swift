// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Testing

@testable import Providers

/// How Instantly's steps are counted and named.
@Suite struct InstantlyStepTests {
    @Test("Steps without attribution are unknown, and summed")
    func unattributed() async throws {
        let source = Instantly.stub { request in
            request.path.last == "overview"
                ? .json(["open_count": 1])
                : .json([
                    ["step": nil, "variant": nil, "opened": 1], ["step": "null", "variant": "null", "opened": 2],
                    ["step": "2", "variant": "26", "opened": 4], ["step": 2, "variant": 0, "opened": 8],
                ])
        }
        let steps = try #require(try await source.details(of: ["c"]).content["c"]).get().steps
        #expect(
            steps.map(\.key) == [
                Step.Key(step: "2", variant: "A"), Step.Key(step: "2", variant: "AA"),
                Step.Key(step: "unknown", variant: "unknown"),
            ]
        )
        #expect(steps.map { $0.measures[.opens] } == [8, 4, 3])
    }

    @Test(
        "Steps count from 1, whatever their account calls the first one",
        arguments: [
            ([["0", "1"], ["1"]], [["1", "2"], ["2"]]), ([["1", "2"], ["2"]], [["1", "2"], ["2"]]),
            ([["1"], ["0", "1"], ["1"]], [["1"], ["1", "2"], ["2"]]), ([[], ["0"], ["1"]], [[], ["1"], ["2"]]),
        ] as [([[String]], [[String]])]
    )
    func stepBase(_ campaigns: [[String]], _ expected: [[String]]) async throws {
        let source = Instantly.stub { request in
            guard request.path.last == "steps" else { return .json(["open_count": 1]) }
            let steps = campaigns[Int(request.query["campaign_id"] ?? "") ?? 0]
            return .json(.list(steps.map { ["step": .text($0), "variant": "0", "sent": 1] }))
        }
        var found: [[String]] = []
        for id in campaigns.indices.map(String.init) {
            let detail = try #require(try await source.details(of: [id]).content[id]).get()
            found.append(detail.steps.map(\.key.step))
        }
        #expect(found == expected)

        let restarted = Instantly.stub { request in
            request.path.last == "steps" ? .json([["step": "1", "variant": "0", "sent": 1]]) : .json(["open_count": 1])
        }
        restarted.facts.restore(source.facts.all)
        let detail = try #require(try await restarted.details(of: ["c"]).content["c"]).get()
        #expect(
            detail.steps.map(\.key.step) == [
                expected.joined().contains("2") && campaigns.joined().contains("0") ? "2" : "1"
            ]
        )
    }

    @Test("What cannot be attributed to a step is unknown under all its names, and summed")
    func literals() async throws {
        let literals: [JSON] = [nil, "null", "\\N", "N/A", ""]
        let source = Instantly.stub { request in
            request.path.last == "steps"
                ? .json(
                    .list(literals.enumerated().map { ["step": $1, "variant": $1, "opened": .number(Double($0))] })
                )
                : .json(["open_count": 1])
        }
        let steps = try #require(try await source.details(of: ["c"]).content["c"]).get().steps
        #expect(steps.map(\.key) == [Step.Key(step: "unknown", variant: "unknown")])
        #expect(steps.map { $0.measures[.opens] } == [10])
    }
}
