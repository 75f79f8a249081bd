// SPDX-License-Identifier: Apache-2.0

/// The faults that rewrite a body.
enum WireFault {
    /// What identifies a row or wraps the rows; no fault takes it away.
    private static let kept: Set<String> = [
        "id", "_id", "email", "campaign_id", "campaignId", "userId", "sequenceId", "sequenceStep", "step", "variant",
        "items", "data", "results", "campaigns", "pagination", "next_starting_after", "hasMore", "nextCursor",
        "nextPage", "currentPage", "steps", "stepAnalytics", "campaign", "stats", "mailboxes", "users",
    ]

    /// The body after all the faults of the set that rewrite bodies.
    static func rewrite(_ body: JSON, _ faults: Set<Fault>) -> JSON {
        var body = body
        if faults.contains(.duplicateRows) { body = doubled(body) }
        if faults.contains(.missingFields) { body = thinned(body) }
        if faults.contains(.numbersAsStrings) { body = quoted(body) }
        return body
    }

    private static func doubled(_ json: JSON) -> JSON {
        switch json {
        case .array(let rows): .array(rows.map(doubled).flatMap { $0.isObject ? [$0, $0] : [$0] })
        case .object(let fields): .object(fields.map { ($0, doubled($1)) })
        default: json
        }
    }

    private static func thinned(_ json: JSON) -> JSON {
        switch json {
        case .array(let rows): .array(rows.map(thinned))
        case .object(let fields): .object(fields.filter { isPresent($0.name) }.map { ($0, thinned($1)) })
        default: json
        }
    }

    private static func isPresent(_ field: String) -> Bool {
        kept.contains(field) || field.contains("@") || Dice.hash(field) % 3 != 0
    }

    private static func quoted(_ json: JSON) -> JSON {
        switch json {
        case .int(let number): .string(String(number))
        case .number(let number): .string(String(number))
        case .array(let rows): .array(rows.map(quoted))
        case .object(let fields): .object(fields.map { ($0, quoted($1)) })
        default: json
        }
    }
}

extension JSON {
    fileprivate var isObject: Bool {
        if case .object = self { true } else { false }
    }
}
