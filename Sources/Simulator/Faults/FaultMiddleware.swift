// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer

/// Applies the active faults to a provider's response: those of the connection, those that answer every request alike,
/// and those that rewrite bodies.
///
/// Faults of a listing are those of `APIRequest.page`, those of certain routes `RouteFault`'s, those of the numbers are in
/// `FaultEffects`.
struct FaultMiddleware {
    private static let errors: [(fault: Fault, kind: HTTPErrorKind)] = [
        (.unauthorized, .unauthorized), (.paymentRequired, .paymentRequired), (.rateLimit, .rateLimited),
        (.serverError, .serverError),
    ]

    private static let page = "<!DOCTYPE html><html><head><title>Just a moment…</title></head><body></body></html>"

    /// The header of the CDN in front of the provider.
    private static let cdn = [(name: "Server", value: "cloudflare")]

    /// Responses that are the same at every route of every provider.
    private static let responses: [(fault: Fault, response: ProviderResponse)] = [
        (.blocked1010, .text("error code: 1010", status: 403).with(cdn)),
        (.blockedChallenge, .html(page, status: 403).with(cdn + [("cf-mitigated", "challenge")])),
        (
            .blocked522,
            .html("<html><head><title>522: Connection timed out</title></head></html>", status: 522).with(cdn)
        ),
        (.notJSON, .html(page)),
        (.errorAsSuccess, .json(["error": "Invalid API key"])),
        (.successFalse, .json(["success": false, "message": "something broke"])),
        (.textAsJSON, .claimedJSON("Something went wrong")),
        (.nestedJSON, .claimedJSON(String(repeating: "[", count: 100_000))),
        (.manyValues, .claimedJSON("{\"items\":[" + String(repeating: "0,", count: 700_000) + "0]}")),
        (.brotli, .claimedJSON("\u{1b}no brotli").with([("Content-Encoding", "br")])),
    ]

    let provider: SimulatedProvider
    let faults: Set<Fault>
    /// The wall clock, in seconds since 1970.
    let now: Double

    /// The response after all faults; `next` is not called where a fault replaces its response.
    func respond(_ next: () -> ProviderResponse) -> SimulatorResponse {
        if faults.contains(.dropConnection) { return .drop }
        if faults.contains(.hang) { return .hang }
        let answer = replacement ?? rewritten(next())
        if answer.isWithheld { return .hang }
        let response = answer.serialized
        let half = response.body.reduce(0) { $0 + $1.count } / 2
        let result: SimulatorResponse =
            faults.contains(.truncate) ? .truncate(response, afterBytes: half) : .respond(response)
        return faults.contains(.slow) ? .late(.seconds(2), result) : result
    }

    /// The response of a fault that answers every request alike.
    private var replacement: ProviderResponse? {
        if faults.contains(.redirect) {
            let location = (name: "Location", value: "http://elsewhere.example/")
            return ProviderResponse(status: 302, headers: [location], body: .json([:]))
        }
        if let kind = FaultMiddleware.errors.first(where: { faults.contains($0.fault) })?.kind {
            let response = provider.server.errorResponse(kind)
            guard kind == .rateLimited else { return response }
            let limit = provider.server.limits.first ?? .none
            return response.with(provider.server.headers(for: .rejection(by: limit, at: now)))
        }
        return FaultMiddleware.responses.first { faults.contains($0.fault) }?.response
    }

    private func rewritten(_ response: ProviderResponse) -> ProviderResponse {
        guard case .json(var body) = response.body, response.status == 200 else { return response }
        if faults.contains(.duplicateRows) { body = body.duplicatingRows }
        if faults.contains(.missingFields) { body = body.removingFields(but: provider.server.requiredFields) }
        if faults.contains(.numbersAsStrings) { body = body.quotingNumbers }
        var response = response
        response.body = .json(body)
        return response
    }
}

extension JSON {
    /// Fields that identify a row or contain rows at most providers; `missing-fields` keeps them.
    private static let requiredFields: Set<String> = [
        "id", "_id", "email", "campaign_id", "campaignId", "userId", "sequenceId", "sequenceStep", "step", "variant",
        "items", "data", "results", "campaigns", "pagination", "next_starting_after", "hasMore", "nextCursor",
        "nextPage", "currentPage", "steps", "stepAnalytics", "campaign", "stats", "mailboxes", "users",
    ]

    /// `duplicate-rows`: every object in an array twice.
    fileprivate var duplicatingRows: JSON {
        guard case .array(let values) = self else { return mapped(\.duplicatingRows) }
        return .array(
            values.map(\.duplicatingRows).flatMap { value in
                if case .object = value { [value, value] } else { [value] }
            }
        )
    }

    /// `missing-fields`: without a third of the fields, chosen by their names' hash.
    fileprivate func removingFields(but required: Set<String>) -> JSON {
        guard case .object(let fields) = self else { return mapped { $0.removingFields(but: required) } }
        let kept = fields.filter { required.contains($0.name) || JSON.isKept($0.name) }
        return JSON.object(kept).mapped { $0.removingFields(but: required) }
    }

    /// `numbers-as-strings`: every number as its decimal text.
    fileprivate var quotingNumbers: JSON {
        switch self {
        case .int(let number): .string(String(number))
        case .number(let number): .string(String(number))
        default: mapped(\.quotingNumbers)
        }
    }

    private static func isKept(_ field: String) -> Bool {
        requiredFields.contains(field) || field.contains("@") || SeededGenerator.hash(field) % 3 != 0
    }
}
