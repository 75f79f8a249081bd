// SPDX-License-Identifier: Apache-2.0

extension RouteFault {
    private static let batch: Set<String> = ["api/v2/campaigns/stats/batch"]
    private static let sendKitAnalytics: Set<String> = ["v1/campaigns/:id/analytics"]
    private static let instantlyAnalytics: Set<String> = ["api/v2/campaigns/analytics"]

    /// Answers of another form than the documented one.
    static let shapes = [
        RouteFault(.batchHTML, .lemlist, batch, .replace(.html("<!DOCTYPE html><html><body>lemlist</body></html>"))),
        RouteFault(.batchEmpty, .lemlist, batch, .replace(.emptyJSON)),
        RouteFault(.batchGone, .lemlist, batch, .replace(.text("Gone", status: 410))),
        RouteFault(.noPagination, .lemlist, ["api/campaigns"], .edit { body, _ in body.removing("pagination") }),
        RouteFault(.analyticsNull, .instantly, instantlyAnalytics, .replace(.json(nil))),
        RouteFault(.analyticsItems, .instantly, instantlyAnalytics, .edit { body, _ in ["items": body] }),
        RouteFault(.emptyBody, .instantly, instantlyAnalytics, .replace(.emptyJSON)),
        RouteFault(
            .slowAnalytics,
            .instantly,
            instantlyAnalytics,
            .withhold,
            where: { $0.query("exclude_total_leads_count") != "true" }
        ),
        RouteFault(
            .flattenedStats,
            .sendkit,
            sendKitAnalytics,
            .edit { body, _ in body.editing("data") { $0.flattening("stats") } }
        ),
        RouteFault(
            .renamedStats,
            .sendkit,
            sendKitAnalytics,
            .edit { body, _ in body.editing("data") { $0.renaming("stats", "statistics") } }
        ),
        RouteFault(
            .statusBreakdownList,
            .sendkit,
            sendKitAnalytics,
            .edit { body, _ in body.editing("data", "statusBreakdown", change: \.listed) }
        ),
    ]

    /// 300 kB, as much as the e-mails of a long sequence take.
    private static let emailBody = JSON.raw(
        "\"" + String(repeating: "<p>Hello {{firstName}},</p>", count: 11_500) + "\""
    )

    /// Listings whose rows carry the text of their e-mails, and some with a row that no label can identify.
    static let listings =
        listing(.hugeRows) { rows in rows.mapped { $0.with(["emailBody": emailBody]) } }
        + listing(.longID) { rows in
            guard case .array(let elements) = rows, let last = elements.last else { return rows }
            let id = JSON.string(String(repeating: "../\n", count: 25_000))
            return .array(elements + [last.removing("id").removing("_id").with(["id": id, "_id": id])])
        }

    /// A fault of the rows of the campaign listings.
    private static func listing(_ fault: Fault, _ change: @escaping @Sendable (JSON) -> JSON) -> [RouteFault] {
        [
            RouteFault(
                fault,
                .instantly,
                ["api/v2/campaigns"],
                .edit { body, _ in body.editing("items", change: change) }
            ),
            RouteFault(
                fault,
                .lemlist,
                ["api/campaigns"],
                .edit { body, _ in
                    if case .array = body { change(body) } else { body.editing("campaigns", change: change) }
                }
            ),
            RouteFault(fault, .sendkit, ["v1/campaigns"], .edit { body, _ in body.editing("data", change: change) }),
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

    /// This object without a field.
    func removing(_ name: String) -> JSON {
        guard case .object(let fields) = self else { return self }
        return .object(fields.filter { $0.name != name })
    }

    /// An object of numbers as a list: `[{"_id": "replied", "count": 3}]`.
    fileprivate var listed: JSON {
        guard case .object(let fields) = self else { return self }
        return .array(fields.map { ["_id": .string($0.name), "count": $0.value] })
    }
}
