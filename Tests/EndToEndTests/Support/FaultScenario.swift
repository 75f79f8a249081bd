// SPDX-License-Identifier: Apache-2.0

/// Faults that a simulator has at the same time, and what becomes of the accounts that meet them.
struct FaultScenario {
    /// The providers' accounts of a case, named after it.
    static let providers = TestedProvider.all.map(\.name)

    /// The faults, as `POST /faults` takes them.
    let faults: [String]
    /// The providers whose accounts go down; the others stay up.
    let down: [String]

    /// The fault names, together the name of the case.
    var name: String { faults.joined(separator: "+").replacing(":", with: ".") }

    /// The name of a provider's account.
    func account(_ provider: String) -> String { "\(name)-\(provider)" }

    /// Each fault alone, then some that meet.
    static let all: [FaultScenario] =
        [
            "rate-limit", "unauthorized", "payment-required", "server-error", "hang", "truncate", "not-json",
            "redirect",
            "drop-connection", "partial-list", "endless-cursor",
        ]
        .map { FaultScenario(faults: [$0], down: providers) }
        + [
            "slow", "missing-fields", "numbers-as-strings", "duplicate-rows", "counters-fall", "counters-reset",
            "campaign-vanishes", "bounce-storm", "reply-drought",
        ]
        .map { FaultScenario(faults: [$0], down: []) }
        + [
            FaultScenario(faults: [], down: []),
            FaultScenario(
                faults: ["instantly:server-error", "lemlist:unauthorized"],
                down: ["instantly", "lemlist"]
            ),
            FaultScenario(faults: ["sendkit:drop-connection", "lemlist:truncate"], down: ["sendkit", "lemlist"]),
            FaultScenario(faults: ["duplicate-rows", "numbers-as-strings", "missing-fields"], down: []),
            FaultScenario(faults: ["counters-fall", "campaign-vanishes", "duplicate-rows"], down: []),
            FaultScenario(faults: ["slow", "partial-list", "numbers-as-strings"], down: providers),
        ]
        + [
            ["refused-mailboxes"], ["refused-details"],
            ["instantly:refused-warmup", "refused-vitals", "refused-batch"],
            ["lemlist:refused-warmup", "steps-fail", "batch-html"],
            ["instantly:partial-mailboxes", "batch-empty"], ["lemlist:partial-mailboxes"], ["batch-gone"],
            ["row-without-address", "analytics-null"], ["no-pagination", "flattened-stats"],
            ["analytics-items", "lone-surrogate", "status-breakdown-list"],
            ["empty-body", "sendkit:partial-mailboxes", "renamed-stats"], ["huge-rows", "empty-variant"],
        ]
        .map { FaultScenario(faults: $0, down: []) }
        + [
            "error-as-success", "success-false", "text-as-json", "blocked-1010", "blocked-challenge", "blocked-522",
            "brotli",
        ]
        .map { FaultScenario(faults: [$0], down: providers) }
}
