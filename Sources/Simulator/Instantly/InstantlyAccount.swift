// SPDX-License-Identifier: Apache-2.0

extension InstantlyServer {
    static let specialStates: [CampaignState] = [
        .runningSubsequences, .bounceProtect, .accountsUnhealthy, .accountSuspended,
    ]

    static func campaignID(_ generator: inout SeededGenerator) -> String { Identifier.uuid(&generator) }

    static func variants(of template: SequenceTemplate, _ generator: inout SeededGenerator) -> [StepVariant] {
        let steps = template.steps.flatMap { template.variants(ofStep: $0, namesEvery: true, &generator) }
        return steps + (template.campaign % 5 == 3 ? [unattributed(&generator)] : [])
    }

    /// Events that Instantly cannot attribute to a step.
    private static func unattributed(_ generator: inout SeededGenerator) -> StepVariant {
        StepVariant(delay: 1, population: 0.01, rates: EngagementRates(step: 0, &generator))
    }
}

extension InstantlyServer {
    private static let analyticsRoute: Set<String> = ["api/v2/campaigns/analytics"]
    private static let stepsRoute: Set<String> = ["api/v2/campaigns/analytics/steps"]
    private static let dailyRoute: Set<String> = ["api/v2/campaigns/analytics/daily"]

    static var faults: [RouteFault] { parts + shapes + values }

    private static var parts: [RouteFault] {
        [
            refused(.refusedMailboxes, ["api/v2/accounts"]),
            refused(.refusedWarmup, ["api/v2/accounts/warmup-analytics"]),
            refused(.refusedDetails, stepsRoute.union(dailyRoute).union(["api/v2/campaigns/analytics/overview"])),
            refused(.refusedLabels, ["api/v2/custom-tags", "api/v2/custom-tag-mappings"]),
            refused(.refusedSendingStates, ["api/v2/campaigns/:id/sending-status"]),
            refused(.refusedPlanLimits, ["api/v2/workspace-billing/plan-details"]),
            RouteFault(.refusedVitals, ["api/v2/accounts/test/vitals"], .replace(errorResponse(.paymentRequired))),
            failing(.partialMailboxes, ["api/v2/accounts/warmup-analytics"]) { call in
                call.snapshot.mailboxes.first.map { call.bodyText.contains($0.address) } ?? false
            },
            failing(.stepsFail, stepsRoute) { $0.query("campaign_id") == $0.snapshot.campaigns.first?.id },
            .hidingFirstAddress(["api/v2/accounts"]),
        ]
    }

    private static var shapes: [RouteFault] {
        [
            RouteFault(.analyticsNull, analyticsRoute, .replace(.json(nil))),
            .editing(.analyticsItems, analyticsRoute) { ["items": $0] },
            RouteFault(.emptyBody, analyticsRoute, .replace(.claimedJSON(""))),
            RouteFault(.slowAnalytics, analyticsRoute, .withhold) { $0.query("exclude_total_leads_count") != "true" },
        ] + RouteFault.listing(["api/v2/campaigns"]) { body, change in body.editing("items", change: change) }
    }

    private static var values: [RouteFault] {
        [
            .editing(.stepsFromZero, stepsRoute) { $0.mapped { $0.editing("step", change: \.lowered) } },
            .editing(.stepLiterals, stepsRoute) { $0.editingRows(withLiterals) },
        ] + RouteFault.days(dailyRoute) { body, change in body.editingRows(change) }
    }

    /// With rows of one message each whose step and variant have no name.
    private static func withLiterals(_ rows: [JSON]) -> [JSON] {
        guard let row = rows.first else { return rows }
        return rows
            + ["\\N", "N/A", ""].map { literal in
                row.ones.editing("step") { _ in .string(literal) }.editing("variant") { _ in .string(literal) }
            }
    }
}

extension JSON {
    /// The decimal text of the number before that of this text.
    fileprivate var lowered: JSON {
        guard case .string(let text) = self, let number = Int(text) else { return self }
        return .string(String(number - 1))
    }

    /// This object with 1 for each number.
    fileprivate var ones: JSON { mapped { if case .int = $0 { 1 } else { $0 } } }
}
