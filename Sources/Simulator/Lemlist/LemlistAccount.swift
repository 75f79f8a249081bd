// SPDX-License-Identifier: Apache-2.0

extension LemlistServer {
    static let specialStates: [CampaignState] = [.archived, .failing]

    static func campaignID(_ generator: inout SeededGenerator) -> String { Identifier.meteorID("cam", &generator) }
    static func mailboxID(_ generator: inout SeededGenerator) -> String { Identifier.meteorID("usm", &generator) }
    static func teamID(_ generator: inout SeededGenerator) -> String { Identifier.meteorID("tea", &generator) }

    static func variants(of template: SequenceTemplate, _ generator: inout SeededGenerator) -> [StepVariant] {
        let steps = template.steps.flatMap {
            template.variants(ofStep: $0, task: template.task(ofStep: $0), &generator)
        }
        return steps + (template.isConditional ? template.branches(&generator) : [])
    }
}

extension SequenceTemplate {
    /// Every third campaign branches at its last step.
    fileprivate var isConditional: Bool { campaign % 3 == 1 && settings.steps > 1 }

    fileprivate func task(ofStep step: Int) -> StepTask {
        guard step > 0 else { return .email }
        if isConditional && step == settings.steps - 1 { return .conditional }
        guard campaign % 3 == 2 else { return .email }
        return [.linkedinVisit, .linkedinInvite, .linkedinSend, .email, .phone, .manual][(step - 1) % 6]
    }

    /// Two sequences of one step after the condition: for leads who opened, and for the others.
    fileprivate func branches(_ generator: inout SeededGenerator) -> [StepVariant] {
        let step = settings.steps
        return [("Opened email", StepTask.linkedinSend, 0.55), ("Didn't open email", .email, 0.45)].enumerated().map {
            StepVariant(
                sequence: $0 + 1,
                step: 0,
                task: $1.1,
                condition: $1.0,
                delay: 2.5 * Double(step),
                population: $1.2 * staying(until: step),
                rates: EngagementRates(step: step, &generator)
            )
        }
    }
}

extension LemlistServer {
    private static let batchRoute: Set<String> = ["api/v2/campaigns/stats/batch"]

    static var faults: [RouteFault] {
        [
            refused(.refusedMailboxes, ["api/users/:id"]),
            refused(.refusedWarmup, ["api/lemwarm/:id/settings"]),
            refused(.refusedDetails, ["api/v2/campaigns/:id/stats", "api/v2/campaigns/stats/batch"]),
            refused(.refusedBatch, batchRoute),
            refused(.refusedSendingStates, ["api/campaigns/:id/statutes"]),
            refused(.refusedPlanLimits, ["api/team/credits"]),
            failing(.partialMailboxes, ["api/users/:id", "api/lemwarm/:id/settings"]) { call in
                [call.snapshot.world.userIDs[1], call.snapshot.mailboxes.first?.id].contains(call.id)
            },
            .hidingFirstAddress(["api/users/:id"]),
            RouteFault(.batchHTML, batchRoute, .replace(.html("<!DOCTYPE html><html><body>lemlist</body></html>"))),
            RouteFault(.batchEmpty, batchRoute, .replace(.claimedJSON(""))),
            RouteFault(.batchGone, batchRoute, .replace(.text("Gone", status: 410))),
            .editing(.noPagination, ["api/campaigns"]) { $0.removing("pagination") },
        ]
            + RouteFault.listing(["api/campaigns"]) { body, change in
                if case .array = body { change(body) } else { body.editing("campaigns", change: change) }
            }
    }
}
