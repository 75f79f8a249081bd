// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer

/// The line between a provider and its client, with the faults that no route knows of.
struct FaultyLine {
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
    func carry(_ answer: () -> WireAnswer) -> Reaction {
        if faults.contains(.dropConnection) { return .drop }
        if faults.contains(.hang) { return .hang }
        let response = (substitute ?? rewritten(answer())).response
        let half = response.body.reduce(0) { $0 + $1.count } / 2
        let reaction: Reaction =
            faults.contains(.truncate) ? .truncate(response, afterBytes: half) : .respond(response)
        return faults.contains(.slow) ? .late(.seconds(2), reaction) : reaction
    }

    /// The answer of a fault that gives the same one to every call.
    private var substitute: WireAnswer? {
        if faults.contains(.redirect) {
            let elsewhere = (name: "Location", value: "http://elsewhere.example/")
            return WireAnswer(status: 302, headers: [elsewhere], body: .json([:]))
        }
        if let kind = FaultyLine.refusals.first(where: { faults.contains($0.fault) })?.kind {
            var answer = platform.api.refusal(kind)
            guard kind == .rateLimited else { return answer }
            let limit = platform.api.limits.first ?? .none
            answer.headers += platform.api.headers(for: .refusal(by: limit, at: now))
            return answer
        }
        return faults.contains(.notJSON)
            ? WireAnswer(body: .text(FaultyLine.page, type: "text/html; charset=utf-8")) : nil
    }

    private func rewritten(_ answer: WireAnswer) -> WireAnswer {
        guard case .json(let body) = answer.body, answer.status == 200 else { return answer }
        var answer = answer
        answer.body = .json(WireFault.rewrite(body, faults))
        return answer
    }
}
