// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import History

/// A lemlist team's past: the same stats as ever, until an earlier day ends.
struct LemlistHistory: AccountHistory {
    let source: LemlistSource

    func parts(steps: Bool) -> [HistoryPart] {
        [
            HistoryPart("stats", batch: source.detailBatch) { campaigns, days, advance throws(CallFailure) in
                try await Bisection(days, advance: advance) { day, campaigns throws(CallFailure) in
                    let last = "\(day.advanced(by: -1))"
                    return try await source.details(of: campaigns, until: last, steps: steps)
                        .compactMapValues { try? $0.get() }.mapValues { Totals($0) }
                }
                .pasts(of: campaigns)
            }
        ]
    }
}
