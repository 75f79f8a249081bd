// SPDX-License-Identifier: Apache-2.0

/// Faults that several providers have, each at its own routes.
extension ProviderServer {
    /// A part that the key may not read, for want of a scope, a role or a plan: the rest of the account answers.
    static func refused(_ fault: Fault, _ routes: Set<String>) -> RouteFault {
        RouteFault(fault, routes, .replace(errorResponse(.forbidden)))
    }

    /// Requests that fail with 500, all of the routes or those that a condition names.
    static func failing(
        _ fault: Fault,
        _ routes: Set<String>,
        where strikes: @escaping @Sendable (APIRequest) -> Bool = { _ in true }
    ) -> RouteFault {
        RouteFault(fault, routes, .replace(errorResponse(.serverError)), where: strikes)
    }
}

extension RouteFault {
    /// `row-without-address`: the first mailbox has no address, in whatever row of the routes it is.
    static func hidingFirstAddress(_ routes: Set<String>, field: String = "email") -> RouteFault {
        RouteFault(
            .rowWithoutAddress,
            routes,
            .edit { body, call in
                guard let address = call.snapshot.mailboxes.first?.address else { return body }
                return body.removing(field, where: address)
            }
        )
    }

    /// 300 kB, as much as the e-mails of a long sequence take.
    private static let emailBody = JSON.raw(
        "\"" + String(repeating: "<p>Hello {{firstName}},</p>", count: 11_500) + "\""
    )

    /// `huge-rows` and `long-id`: a campaign listing whose rows carry the text of their e-mails, and one with a row that no
    /// label can identify; `edit` applies a change to the list of rows in a body.
    static func listing(
        _ routes: Set<String>,
        edit: @escaping @Sendable (_ body: JSON, _ change: (JSON) -> JSON) -> JSON
    ) -> [RouteFault] {
        [
            .editing(.hugeRows, routes) { edit($0) { $0.mapped { $0.with(["emailBody": emailBody]) } } },
            .editing(.longID, routes) { edit($0, withLongID) },
        ]
    }

    private static func withLongID(_ rows: JSON) -> JSON {
        guard case .array(let elements) = rows, let last = elements.last else { return rows }
        let id = JSON.string(String(repeating: "../\n", count: 25_000))
        return .array(elements + [last.removing("id").removing("_id").with(["id": id, "_id": id])])
    }

    /// `duplicate-days` and `day-without-date`, at routes whose rows are days; `edit` applies a change to those in a body.
    static func days(
        _ routes: Set<String>,
        edit: @escaping @Sendable (_ body: JSON, _ change: ([JSON]) -> [JSON]) -> JSON
    ) -> [RouteFault] {
        [
            .editing(.duplicateDays, routes) { edit($0) { $0.flatMap(\.halves) } },
            .editing(.dayWithoutDate, routes) { body in
                edit(body) { rows in rows + rows.suffix(1).map { $0.removing("date").removing("_id") } }
            },
        ]
    }
}

extension JSON {
    func editingRows(_ change: ([JSON]) -> [JSON]) -> JSON {
        guard case .array(let rows) = self else { return self }
        return .array(change(rows))
    }

    func removing(_ name: String) -> JSON {
        guard case .object(let fields) = self else { return self }
        return .object(fields.filter { $0.name != name })
    }

    /// Without the fields of this name that have this text, at any depth.
    fileprivate func removing(_ name: String, where text: String) -> JSON {
        guard case .object(let fields) = self else { return mapped { $0.removing(name, where: text) } }
        let kept = fields.filter { field in
            if case .string(text) = field.value { field.name != name } else { true }
        }
        return JSON.object(kept).mapped { $0.removing(name, where: text) }
    }

    /// Two objects whose numbers add up to this one's.
    fileprivate var halves: [JSON] {
        [halved { $0 / 2 }, halved { $0 - $0 / 2 }]
    }

    private func halved(_ half: (Int) -> Int) -> JSON {
        if case .int(let number) = self { .int(half(number)) } else { mapped { $0.halved(half) } }
    }

    /// With `1e400` for each number but those that identify rows and pages.
    func withHugeNumbers(but required: Set<String>) -> JSON {
        switch self {
        case .int, .number: .raw("1e400")
        case .object(let fields):
            .object(
                fields.map { field in
                    if case .int = field.value, JSON.identifies(field.name, required) { return field }
                    return (field.name, field.value.withHugeNumbers(but: required))
                }
            )
        default: mapped { $0.withHugeNumbers(but: required) }
        }
    }

    private static func identifies(_ field: String, _ required: Set<String>) -> Bool {
        field == "id" || field.hasSuffix("_id") || required.contains(field)
    }

    /// With half of a surrogate pair behind each occurrence of a text, as where a name was cut off within an emoji.
    func endingWithSurrogate(_ text: String) -> JSON {
        guard case .string(text) = self else { return mapped { $0.endingWithSurrogate(text) } }
        return .raw(String(decoding: bytes.dropLast(), as: UTF8.self) + "\\ud83d\"")
    }
}
