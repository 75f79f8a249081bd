// SPDX-License-Identifier: Apache-2.0

extension RouteFault {
    private static let instantlySteps: Set<String> = ["api/v2/campaigns/analytics/steps"]

    /// Values that no example of the documentation shows.
    static let values =
        [
            RouteFault(
                .stepsFromZero,
                .instantly,
                instantlySteps,
                .edit { body, _ in body.mapped { $0.editing("step", change: \.lowered) } }
            ),
            RouteFault(.stepLiterals, .instantly, instantlySteps, .edit { body, _ in body.editingRows(withLiterals) }),
            RouteFault(
                .emptyVariant,
                .sendkit,
                ["v1/campaigns/:id/analytics"],
                .edit { body, _ in
                    body.editing("data", "stepAnalytics", "_id", "variant") { if case .null = $0 { "" } else { $0 } }
                }
            ),
        ]
        + days(.duplicateDays) { rows in rows.flatMap(\.halves) }
        + days(.dayWithoutDate) { rows in rows + rows.suffix(1).map { $0.removing("date").removing("_id") } }
        + SimulatedProvider.allCases.map { provider in
            RouteFault(
                .hugeNumbers,
                provider,
                Set(provider.server.routes.map(\.path)),
                .edit { body, _ in body.withHugeNumbers }
            )
        }
        + SimulatedProvider.allCases.map { provider in
            RouteFault(
                .loneSurrogate,
                provider,
                Set(provider.server.routes.map(\.path)),
                .edit { body, call in
                    call.snapshot.campaigns.first.map { body.endingWithSurrogate($0.name) } ?? body
                }
            )
        }

    /// A fault of the rows of the daily routes.
    private static func days(_ fault: Fault, _ change: @escaping @Sendable ([JSON]) -> [JSON]) -> [RouteFault] {
        [
            RouteFault(
                fault,
                .instantly,
                ["api/v2/campaigns/analytics/daily"],
                .edit { body, _ in body.editingRows(change) }
            ),
            RouteFault(
                fault,
                .sendkit,
                ["v1/analytics/daily/campaigns/:id"],
                .edit { body, _ in body.editing("data") { $0.editingRows(change) } }
            ),
        ]
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
    /// This list with other rows.
    fileprivate func editingRows(_ change: ([JSON]) -> [JSON]) -> JSON {
        guard case .array(let rows) = self else { return self }
        return .array(change(rows))
    }

    /// The decimal text of the number before that of this text.
    fileprivate var lowered: JSON {
        guard case .string(let text) = self, let number = Int(text) else { return self }
        return .string(String(number - 1))
    }

    /// With `1e400` for each number.
    fileprivate var withHugeNumbers: JSON {
        switch self {
        case .int, .number: .raw("1e400")
        default: mapped(\.withHugeNumbers)
        }
    }

    /// This object with 1 for each number.
    fileprivate var ones: JSON { mapped { if case .int = $0 { 1 } else { $0 } } }

    /// Two objects whose numbers add up to this one's.
    fileprivate var halves: [JSON] {
        [
            mapped { if case .int(let number) = $0 { .int(number / 2) } else { $0 } },
            mapped { if case .int(let number) = $0 { .int(number - number / 2) } else { $0 } },
        ]
    }

    /// With half of a surrogate pair behind each occurrence of a text, as where a name was cut off within an emoji.
    fileprivate func endingWithSurrogate(_ text: String) -> JSON {
        guard case .string(text) = self else { return mapped { $0.endingWithSurrogate(text) } }
        return .raw(String(decoding: bytes.dropLast(), as: UTF8.self) + "\\ud83d\"")
    }
}
