// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import TestSupport
import Testing

/// Every fault of the simulator at every provider, each with an account of its own, against the real programs.
@Suite(.startsPrograms, .timeLimit(.minutes(30))) struct FaultTests {
    @Test("a fault harms its own account, says so, and never puts a false number on the page")
    func faults() async throws {
        var simulators: [(fault: FaultScenario, simulator: SimulatorProcess)] = []
        for fault in FaultScenario.all { simulators.append((fault, try await SimulatorProcess.start())) }
        let directory = try TemporaryDirectory()
        let secrets = try Secrets(in: directory)
        let file = try directory.file("config.yml", Self.configuration(simulators, secrets))
        let storage = "\(directory.path)/storage"
        let arguments = ["--config.file=\(file)", "--log.level=debug"]
        let exporter = try await ExporterProcess.start(
            arguments + ["--storage.path=\(storage)"],
            environment: secrets.environment
        )
        let good = try await exporter.page(every: .seconds(10), until: { Self.isWhole($0) })

        for (fault, simulator) in simulators { try await simulator.set(faults: fault.faults) }
        let struck = Date().timeIntervalSince1970
        let late = try await ExporterProcess.start(arguments, environment: secrets.environment)
        _ = try await exporter.page(every: .seconds(10), until: { Self.shows($0, since: struck) }) {
            Self.checkHonesty($0, good)
        }
        Self.checkAdvice(exporter.program.lines)
        let first = try await late.page(every: .seconds(10), until: { Self.shows($0, since: struck) }) {
            Self.checkHonesty($0, good, isFirst: true)
        }
        for fault in FaultScenario.all {
            for provider in fault.down { #expect(first.lastingData(of: fault.account(provider)) == [:]) }
        }

        for (_, simulator) in simulators { try await simulator.set(faults: []) }
        let healed = Date().timeIntervalSince1970
        for exporter in [exporter, late] {
            let isLate = exporter.url == late.url
            let after = try await exporter.page(every: .seconds(10)) {
                Self.hasHealed($0, since: healed) && Self.differences(good, $0, isLate: isLate) == []
            }
            #expect(Self.differences(good, after, isLate: isLate) == [])
            // As many files are open as before the faults, but for a connection that each account may keep.
            let (before, now) = (good.value("process_open_fds"), after.value("process_open_fds"))
            #expect((now ?? .infinity) <= (before ?? 0) + Double(Self.accounts.count))
            #expect(try await Secrets.leaks(of: exporter) == [])
            // On a busy machine a stop of 120 accounts may take more than the two seconds of an orderly one.
            await exporter.expectStop()
        }
        #expect(try Secrets.leaks(inFilesOf: storage) == [])
    }

    private static let accounts = FaultScenario.all.flatMap { fault in FaultScenario.providers.map { fault.account($0) }
    }

    /// Data lives longer than the test, and only hanging answers are not waited for.
    private static func configuration(
        _ simulators: [(fault: FaultScenario, simulator: SimulatorProcess)],
        _ secrets: Secrets
    ) -> String {
        let accounts = simulators.flatMap { fault, simulator in
            FaultScenario.providers.map { provider in
                let timeout = fault.faults.contains("hang") ? "1s" : "10s"
                return "- "
                    + simulator.account(
                        fault.account(provider),
                        provider,
                        secrets.setting(for: provider),
                        "timeout: \(timeout)"
                    )
            }
        }
        return "collection: {interval: 40s, max_staleness: 1h}\naccounts:\n" + accounts.joined(separator: "\n")
    }

    /// Whether every account was collected and shows as much as every other of its provider: their worlds are alike.
    private static func isWhole(_ page: MetricsPage) -> Bool {
        hasHealed(page, since: 0)
            && FaultScenario.providers.allSatisfy { provider in
                let sizes = Set(FaultScenario.all.map { page.lastingData(of: $0.account(provider)).count })
                return sizes.count == 1 && sizes != [0]
            }
    }

    /// Whether the page shows what the faults do: some accounts down, all others collected again since then.
    private static func shows(_ page: MetricsPage, since moment: Double) -> Bool {
        FaultScenario.all.allSatisfy { fault in
            FaultScenario.providers.allSatisfy { provider in
                let account = fault.account(provider)
                let isUp = page.value("outreach_account_up", account) == 1
                return fault.down.contains(provider) ? !isUp : isUp && page.lastSuccess(account) > moment + 5
            }
        }
    }

    /// Whether every account was collected again since then, and every campaign with it.
    private static func hasHealed(_ page: MetricsPage, since moment: Double) -> Bool {
        accounts.allSatisfy { account in
            page.value("outreach_account_up", account) == 1 && page.lastSuccess(account) > moment + 5
                // Refused details are requested again after an hour.
                && (account.contains("refused-details")
                    || page.value("outreach_collection_campaigns_failed", account) == 0)
        }
    }

    /// Every sample is the last good one, or absent.
    private static func checkHonesty(_ page: MetricsPage, _ good: MetricsPage, isFirst: Bool = false) {
        for account in accounts where !account.hasPrefix("counters-reset") {
            // An exporter that starts now cannot know that counters were higher once.
            if isFirst && account.hasPrefix("counters-fall") { continue }
            let truth = good.lastingData(of: account)
            let lies = page.lastingData(of: account).filter { truth[$0] != $1 && !isTrueToo($0, account) }
            #expect(lies == [:], "\(account)")
        }
    }

    /// What may differ from the last good page without being false.
    private static func isTrueToo(_ series: String, _ account: String) -> Bool {
        // Gauges may fall.
        if account.hasPrefix("counters-fall") { return !series.contains("_total{") }
        // Half of a surrogate pair is replaced by the character for what is no text.
        if account.contains("lone-surrogate") { return series.contains("\u{FFFD}") }
        // A forecast is of the campaigns that are there.
        if series.hasPrefix("outreach_account_messages_") { return account.contains("campaign-vanishes") }
        guard account.contains("missing-fields") else { return false }
        // A variant or a host that has lost its name, a sum over an open set of fields, and zeros that are left out by custom.
        return series.contains("variant=\"unknown\"") || series.contains("mailbox_service=\"unknown\"")
            || series.contains("campaign_leads{")
            || series.contains("instantly\",account") && series.contains("mailbox_warmup_messages_")
    }

    /// The log tells of every account that is down, with its reason and what to do.
    private static func checkAdvice(_ lines: [String]) {
        for fault in FaultScenario.all {
            for provider in fault.down {
                let own = lines.filter {
                    $0.contains(" account=\(fault.account(provider)) ") && $0.contains("level=error")
                }
                #expect(
                    own.contains { $0.contains(" reason=") && $0.contains(" advice=") },
                    "\(fault.account(provider))"
                )
            }
        }
    }

    /// What two pages tell differently of the accounts whose numbers come back unchanged.
    private static func differences(_ before: MetricsPage, _ after: MetricsPage, isLate: Bool) -> [String] {
        accounts.filter { !$0.hasPrefix("counters-reset") }.flatMap { account in
            // Mailboxes that were first seen under such a fault are seen again after a quarter of an hour.
            let isOld = isLate && ["fall", "missing"].contains { account.contains($0) }
            // What is refused from the start is requested again after an hour.
            let isRefused = isLate && account.contains("refused-")
            return difference(before.lastingData(of: account), after.lastingData(of: account))
                .filter { !isOld || !$0.hasPrefix("outreach_mailbox_") }
                // So is the forecast, of which each time has one day; labels and plans are requested again after an hour.
                .filter { line in
                    let slow = ["account_messages_", "campaign_label{", "account_plan_"]
                    return !isLate || !slow.contains { line.hasPrefix("outreach_\($0)") }
                }
                .filter { !isRefused || !$0.hasSuffix("→ absent") }
        }
    }

    private static func difference(_ before: [String: String], _ after: [String: String]) -> [String] {
        Set(before.keys).union(after.keys).sorted().filter { before[$0] != after[$0] }
            .map { "\($0): \(before[$0] ?? "absent") → \(after[$0] ?? "absent")" }
    }
}

extension MetricsPage {
    /// The data of an account without what is told of campaigns that stand still alone, which comes and goes.
    fileprivate func lastingData(of account: String) -> [String: String] {
        data(of: account).filter { !$0.key.isOfStandstill }
    }
}
