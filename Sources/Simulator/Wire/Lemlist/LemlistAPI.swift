// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer

/// lemlist's API, whose errors are plain text.
enum LemlistAPI: PlatformAPI {
    static let limits = [RateLimit(requests: 20, seconds: 2)]

    static let routes = [
        Route("GET", "api/campaigns", campaigns),
        Route("GET", "api/v2/campaigns/:id/stats", stats),
        Route("POST", "api/v2/campaigns/stats/batch", batch),
        Route("GET", "api/team", team),
        Route("GET", "api/users/:id", user),
        Route("GET", "api/lemwarm/:id/settings", lemwarm),
    ]

    /// Who calls: the password of Basic authentication, whose user name must be empty.
    ///
    /// Listing and team routes answer a wrong key with the status of something missing.
    static func account(of request: Request, path: String) throws(Refusal) -> String {
        guard let header = request.header("authorization") else {
            throw Refusal(answer: .text("No API key provided", status: 400))
        }
        let pair = header.credentials(of: "Basic")?.decodedBase64
        guard let pair, pair.first == ":", let key = String(pair.dropFirst()).goodKey else {
            let isDisguised = pair?.first == ":" && ["api/campaigns", "api/team"].contains(path)
            throw Refusal(
                answer: isDisguised ? .text("No user found for this API key", status: 404) : refusal(.unauthorized)
            )
        }
        return key
    }

    static func refusal(_ kind: RefusalKind) -> WireAnswer {
        switch kind {
        case .unauthorized: .text("The authentication you supplied is incorrect", status: 401)
        case .paymentRequired: .text("Payment Required", status: 402)
        case .notFound: .text("Not found", status: 404)
        case .methodNotAllowed: .text("Bad method", status: 405)
        case .rateLimited: .text("Too Many Requests", status: 429)
        case .serverError: .text("Internal Server Error", status: 500)
        }
    }

    /// On every answer, `Retry-After` included.
    static func headers(for verdict: RateLimiter.Verdict) -> [(name: String, value: String)] {
        [
            ("Retry-After", String(verdict.retryAfter)), ("X-RateLimit-Limit", String(verdict.limit)),
            ("X-RateLimit-Remaining", String(verdict.remaining)),
            ("X-RateLimit-Reset", CivilDate(seconds: verdict.reset).javaScript),
        ]
    }

    /// A request with parameters that lemlist refuses.
    static func bad(_ reason: String) -> Refusal {
        Refusal(answer: .text("Bad params: \(reason)", status: 400))
    }
}
