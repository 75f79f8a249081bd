// SPDX-License-Identifier: Apache-2.0

extension SendKitServer {
    static func campaignID(_ generator: inout SeededGenerator) -> String { Identifier.objectID(&generator) }

    /// The wait between two e-mails counts as a step of its own: 0, 2, 4.
    static func variants(of template: SequenceTemplate, _ generator: inout SeededGenerator) -> [StepVariant] {
        template.steps.flatMap {
            template.variants(ofStep: $0, number: $0 * 2, isTested: $0 % 2 == 0, &generator)
        }
    }
}

extension SendKitServer {
    private static let analyticsRoute: Set<String> = ["v1/campaigns/:id/analytics"]
    private static let dailyRoute: Set<String> = ["v1/analytics/daily/campaigns/:id"]

    static var faults: [RouteFault] {
        parts + shapes
            + RouteFault.listing(["v1/campaigns"]) { body, change in body.editing("data", change: change) }
            + RouteFault.days(dailyRoute) { body, change in body.editing("data") { $0.editingRows(change) } }
    }

    private static var parts: [RouteFault] {
        [
            refused(.refusedMailboxes, ["v1/mailboxes", "v1/mailboxes/:id/health", "v1/analytics/mailboxes"]),
            refused(.refusedWarmup, ["v1/warmup/stats"]),
            refused(.refusedDetails, analyticsRoute.union(dailyRoute)),
            refused(.refusedLabels, ["v1/workspaces"]),
            failing(.partialMailboxes, ["v1/warmup/stats"]),
            .hidingFirstAddress(["v1/mailboxes", "v1/analytics/mailboxes", "v1/warmup/stats"]),
        ]
    }

    private static var shapes: [RouteFault] {
        [
            .editing(.flattenedStats, analyticsRoute) { $0.editing("data") { $0.flattening("stats") } },
            .editing(.renamedStats, analyticsRoute) { $0.editing("data") { $0.renaming("stats", "statistics") } },
            .editing(.statusBreakdownList, analyticsRoute) { $0.editing("data", "statusBreakdown", change: \.listed) },
            .editing(.emptyVariant, analyticsRoute) { body in
                body.editing("data", "stepAnalytics", "_id", "variant") { if case .null = $0 { "" } else { $0 } }
            },
        ]
    }
}

extension JSON {
    /// This object with the fields of one of its objects in place of that.
    fileprivate func flattening(_ name: String) -> JSON {
        guard case .object(let fields) = self else { return self }
        return .object(
            fields.flatMap { field in
                if field.name == name, case .object(let inner) = field.value { inner } else { [field] }
            }
        )
    }

    /// This object with another name for a field.
    fileprivate func renaming(_ name: String, _ other: String) -> JSON {
        guard case .object(let fields) = self else { return self }
        return .object(fields.map { ($0.name == name ? other : $0.name, $0.value) })
    }

    /// An object of numbers as a list: `[{"_id": "replied", "count": 3}]`.
    fileprivate var listed: JSON {
        guard case .object(let fields) = self else { return self }
        return .array(fields.map { ["_id": .string($0.name), "count": $0.value] })
    }
}
