// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// Reports of a size asked for, with random campaign ids and plausible numbers.
enum Fleet {
    /// Accounts of at most 200 campaigns; a campaign has ten series of its own and 16 for each of its four steps,
    /// both variants: 160 series with `outreach_step_info` and the campaign's name and status.
    static func reports(series: Int) -> [AccountReport] {
        var random = SystemRandomNumberGenerator()
        let campaigns = max(1, series / seriesPerCampaign)
        return stride(from: 0, to: campaigns, by: 200).map { first in
            AccountReport(
                account: Account(provider: "instantly", name: "customer-\(first / 200)"),
                campaigns: (first..<min(first + 200, campaigns)).map { campaign($0, &random) }
            )
        }
    }

    static let seriesPerCampaign = 12 + 8 * 17

    private static func campaign(_ index: Int, _ random: inout SystemRandomNumberGenerator) -> Campaign {
        Campaign(
            id: uuid(&random),
            name: "Q\(index % 4 + 1) outbound, segment \(index)",
            status: .active,
            measures: numbers(CampaignMeasure.allCases.suffix(10), &random),
            steps: (0..<8).map { step in
                Step(
                    key: .init(step: "\(step / 2 + 1)", variant: Step.letter(step % 2)),
                    measures: numbers(StepMeasure.allCases.prefix(16), &random)
                )
            }
        )
    }

    private static func numbers<Measure: MeasureKey>(
        _ keys: some Sequence<Measure>,
        _ random: inout SystemRandomNumberGenerator
    ) -> Measures<Measure> {
        var measures = Measures<Measure>()
        for key in keys { measures[key] = Double(Int.random(in: 0..<20_000, using: &random)) }
        return measures
    }

    private static func uuid(_ random: inout SystemRandomNumberGenerator) -> String {
        let digits = Array("0123456789abcdef")
        let text = (0..<32).map { _ in digits[Int.random(in: 0..<16, using: &random)] }
        return [text[..<8], text[8..<12], text[12..<16], text[16..<20], text[20...]].map { String($0) }
            .joined(separator: "-")
    }
}
