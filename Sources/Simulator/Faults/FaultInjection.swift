// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer
internal import Synchronization

/// Which faults are on, and when those that leave their mark on the world have been.
final class FaultState: Sendable {
    private struct State {
        var rules: [FaultRule] = []
        var marks: [Platform: [Fault: [Disturbances.Window]]] = [:]
    }

    private let state = Mutex(State())

    /// The rules that hold, in the order given.
    var rules: [FaultRule] { state.withLock { $0.rules } }

    /// The faults that strike a provider.
    func faults(on platform: Platform) -> Set<Fault> {
        FaultState.faults(of: rules, on: platform)
    }

    /// Puts these rules in the place of those that hold.
    func replace(with rules: [FaultRule], at moment: Moment) {
        state.withLock { state in
            for platform in Platform.allCases {
                let (before, after) = (
                    FaultState.faults(of: state.rules, on: platform), FaultState.faults(of: rules, on: platform)
                )
                for fault in after.subtracting(before) where fault.leavesMarks {
                    state.marks[platform, default: [:]][fault, default: []].append(.init(start: moment))
                }
                for fault in before.subtracting(after) where fault.leavesMarks {
                    guard let windows = state.marks[platform]?[fault] else { continue }
                    state.marks[platform]?[fault]?[windows.count - 1].end = moment
                }
            }
            state.rules = rules
        }
    }

    /// What the faults do to a provider's worlds.
    func disturbances(on platform: Platform) -> Disturbances {
        let faults = faults(on: platform)
        let marks = state.withLock { $0.marks[platform] ?? [:] }
        return Disturbances(
            bounceStorms: marks[.bounceStorm] ?? [],
            replyDroughts: marks[.replyDrought] ?? [],
            reset: marks[.countersReset]?.last?.start,
            countersFall: faults.contains(.countersFall),
            campaignsVanish: faults.contains(.campaignVanishes)
        )
    }

    private static func faults(of rules: [FaultRule], on platform: Platform) -> Set<Fault> {
        Set(rules.filter { $0.strikes(platform) }.map(\.fault))
    }
}

extension Fault {
    /// Whether the world's numbers tell for ever when this was on.
    fileprivate var leavesMarks: Bool {
        self == .bounceStorm || self == .replyDrought || self == .countersReset
    }
}

/// The line between a provider and its client, with the faults that no route knows of.
struct FaultMiddleware {
    private static let refusals: [(fault: Fault, kind: RefusalKind)] = [
        (.unauthorized, .unauthorized), (.paymentRequired, .paymentRequired), (.rateLimit, .rateLimited),
        (.serverError, .serverError),
    ]

    private static let page = "<!DOCTYPE html><html><head><title>Just a moment…</title></head><body></body></html>"

    let platform: Platform
    let faults: Set<Fault>
    /// The wall clock's time, in seconds since 1970.
    let now: Double

    /// What reaches the client of an answer, which is only made where no fault stands in for it.
    func carry(_ answer: () -> SimulatedResponse) -> SimulatorResponse {
        if faults.contains(.dropConnection) { return .drop }
        if faults.contains(.hang) { return .hang }
        let response = (substitute ?? rewritten(answer())).response
        let half = response.body.reduce(0) { $0 + $1.count } / 2
        let reaction: SimulatorResponse =
            faults.contains(.truncate) ? .truncate(response, afterBytes: half) : .respond(response)
        return faults.contains(.slow) ? .late(.seconds(2), reaction) : reaction
    }

    /// The answer of a fault that gives the same one to every call.
    private var substitute: SimulatedResponse? {
        if faults.contains(.redirect) {
            let elsewhere = (name: "Location", value: "http://elsewhere.example/")
            return SimulatedResponse(status: 302, headers: [elsewhere], body: .json([:]))
        }
        if let kind = FaultMiddleware.refusals.first(where: { faults.contains($0.fault) })?.kind {
            var answer = platform.api.refusal(kind)
            guard kind == .rateLimited else { return answer }
            let limit = platform.api.limits.first ?? .none
            answer.headers += platform.api.headers(for: .refusal(by: limit, at: now))
            return answer
        }
        return faults.contains(.notJSON)
            ? SimulatedResponse(body: .text(FaultMiddleware.page, type: "text/html; charset=utf-8")) : nil
    }

    private func rewritten(_ answer: SimulatedResponse) -> SimulatedResponse {
        guard case .json(let body) = answer.body, answer.status == 200 else { return answer }
        var answer = answer
        answer.body = .json(ResponseFault.rewrite(body, faults))
        return answer
    }
}

/// The faults that rewrite a body.
enum ResponseFault {
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
        kept.contains(field) || field.contains("@") || SeededGenerator.hash(field) % 3 != 0
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
