// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import HTTPServer

/// lemlist's API, whose errors are plain text.
enum LemlistServer: ProviderServer {
    static let name = "lemlist"
    static let title = "lemlist"
    static let path = "/lemlist/api"
    static let limits = [RateLimit(requests: 20, seconds: 2)]

    static let routes = [
        Route("GET", "api/campaigns", campaigns),
        Route("GET", "api/v2/campaigns/:id/stats", stats),
        Route("POST", "api/v2/campaigns/stats/batch", batch),
        Route("GET", "api/campaigns/:id/statutes", statutes),
        Route("GET", "api/team", team),
        Route("GET", "api/team/credits", credits),
        Route("GET", "api/users/:id", user),
        Route("GET", "api/lemwarm/:id/settings", lemwarm),
    ]

    /// Who calls: the password of Basic authentication, whose user name must be empty.
    ///
    /// Listing and team routes answer a wrong key with the status of something missing.
    static func account(of request: Request, path: String) throws(ResponseError) -> String? {
        guard let header = request.header("authorization") else {
            throw ResponseError(response: .text("No API key provided", status: 400))
        }
        let pair = header.credentials(of: "Basic")?.decodedBase64
        guard let pair, pair.first == ":", let key = String(pair.dropFirst()).goodKey else {
            let isDisguised = pair?.first == ":" && ["api/campaigns", "api/team", "api/team/credits"].contains(path)
            guard isDisguised else { return nil }
            throw ResponseError(response: .text("No user found for this API key", status: 404))
        }
        return key
    }

    static func errorResponse(_ kind: HTTPErrorKind) -> ProviderResponse {
        switch kind {
        case .unauthorized: .text("The authentication you supplied is incorrect", status: 401)
        case .paymentRequired: .text("Payment Required", status: 402)
        case .forbidden: .text("Forbidden", status: 403)
        case .notFound: .text("Not found", status: 404)
        case .methodNotAllowed: .text("Bad method", status: 405)
        case .rateLimited: .text("Too Many Requests", status: 429)
        case .serverError: .text("Internal Server Error", status: 500)
        }
    }

    /// Sent with every response, `Retry-After` included.
    static func headers(for verdict: SimulatedRateLimiter.Verdict) -> [(name: String, value: String)] {
        [
            ("Retry-After", String(verdict.retryAfter)), ("X-RateLimit-Limit", String(verdict.limit)),
            ("X-RateLimit-Remaining", String(verdict.remaining)),
            ("X-RateLimit-Reset", Date(timeIntervalSince1970: verdict.reset).javaScript),
        ]
    }

    static func bad(_ reason: String) -> ResponseError {
        ResponseError(response: .text("Bad params: \(reason)", status: 400))
    }
}

extension LemlistServer {
    private static let emojis = ["🚀", "📈", "🌍", "👋"]

    /// `GET /campaigns`: a bare array, or with `page` and `version=v2` an object whose last page names itself as the
    /// next.
    static func campaigns(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        let limit = min(100, call.query("limit").flatMap { Int($0) } ?? 100)
        guard limit > 0 else { throw bad("limit must be a positive number") }
        let rows = listed(call)
        guard call.query("version") == "v2", let page = call.query("page").flatMap({ Int($0) }) else {
            let offset = max(0, call.query("offset").flatMap { Int($0) } ?? 0)
            let page = try call.page(of: rows, from: offset, limit: limit, endsWithShortPage: true).rows
            return .json(.array(page.map { campaign($0, call) }))
        }
        return try numbered(max(1, page), of: rows, limit, call)
    }

    private static func numbered(
        _ page: Int,
        of rows: [SimulatedCampaign],
        _ limit: Int,
        _ call: APIRequest
    ) throws(ResponseError) -> ProviderResponse {
        let found = try call.page(of: rows, from: (page - 1) * limit, limit: limit)
        let pages = max(found.more ? page + 1 : 1, (rows.count + limit - 1) / limit)
        return .json([
            "campaigns": .array(found.rows.map { campaign($0, call) }),
            "pagination": [
                "totalRecords": .int(rows.count), "currentPage": .int(page),
                "nextPage": .int(found.more ? page + 1 : page), "totalPage": .int(pages),
            ],
        ])
    }

    private static func listed(_ call: APIRequest) -> [SimulatedCampaign] {
        let status = call.query("status")
        let rows = call.snapshot.campaigns.filter { campaign in
            status.map(call.snapshot.state(of: campaign).lemlistStatuses.contains) ?? true
        }
        guard call.query("sortBy") == "createdAt" else { return rows }
        let isDescending = call.query("sortOrder") == "desc"
        return rows.sorted { isDescending ? $0.created > $1.created : $0.created < $1.created }
    }

    /// A row; every second one has only the fields of the second example in lemlist's documentation.
    private static func campaign(_ campaign: SimulatedCampaign, _ call: APIRequest) -> JSON {
        let state = call.snapshot.state(of: campaign)
        let failing = state == .failing || state.isSending && campaign.standstill == .noAccountsAvailable
        let row: JSON = [
            "_id": .string(campaign.id), "name": .string(campaign.name),
            "labels": .array(campaign.labels.map { .string($0) }),
            "createdAt": call.timestamp(campaign.created), "createdBy": .string(call.snapshot.world.userIDs[0]),
            "status": .string(state.lemlistStatuses[0]),
        ]
        guard campaign.index % 2 == 0 || failing else { return row }
        return row.with([
            "emoji": .string(emojis[campaign.index / 2 % emojis.count]), "timezone": "Europe/Paris",
            "sequenceId": .string(campaign.sequenceIDs[0]), "hasError": .bool(failing),
            "errors": failing ? ["Your campaign does not have sender."] : [],
        ])
    }
}

extension LemlistServer {
    /// `GET /team/credits`.
    static func credits(_ call: APIRequest) -> ProviderResponse {
        let left = call.snapshot.creditsLeft
        return .json([
            "credits": .int(left),
            "details": [
                "remaining": [
                    "total": .int(left), "freemium": 0, "subscription": .int(left), "gifted": 0, "paid": 0,
                ]
            ],
        ])
    }

    /// `GET /campaigns/{id}/statutes`: issues and information about a campaign; none where all is well.
    static func statutes(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        let campaign = try call.campaign(or: .text("Campaign not found", status: 404))
        let state = call.snapshot.state(of: campaign)
        let reason = state.isSending ? state == .failing ? .noAccountsAvailable : campaign.standstill : nil
        return .json([
            "name": .string(campaign.name), "status": .string(state.lemlistStatuses[0]),
            "statutes": reason.map { [statute($0)] } ?? [],
        ])
    }

    private static func statute(_ reason: Standstill) -> JSON {
        switch reason {
        case .noAccountsAvailable:
            ["type": "issue", "level": 3, "message": "Your campaign does not have sender.", "category": "sender"]
        case .waitingForLeads:
            ["type": "information", "level": 1, "message": "All leads have been contacted.", "category": "leads"]
        case .dailyLimitMet, .accountDailyLimitMet, .newLeadLimitMet, .domainLimitReached:
            ["type": "issue", "level": 2, "message": "The sending limit of today is reached."]
        case .outOfSchedule, .allAccountsUnhealthy, .waitingForESPMatch, .followUpDelayNotMet:
            ["type": "issue", "level": 2, "message": "Something is wrong.", "category": .string(reason.rawValue)]
        }
    }
}

extension CampaignState {
    /// lemlist's names: first the reported one, then others that the `status` filter matches.
    fileprivate var lemlistStatuses: [String] {
        switch self {
        case .draft: ["draft"]
        case .active, .runningSubsequences: ["running"]
        case .paused, .accountSuspended, .accountsUnhealthy, .bounceProtect: ["paused"]
        case .completed: ["ended"]
        case .archived: ["archived"]
        case .failing: ["errors", "running"]
        }
    }
}

/// The filter parameters of lemlist's statistics: dates, channels and one A/B variant.
struct LemlistCampaignFilter {
    /// The parameters as sent, in the query or in a batch's body.
    struct Fields {
        var startDate, endDate, abSelected, sendUser: String?
        var channels: [String] = []
    }

    let span: DateRange
    private let channels: Set<String>
    private let abSelected: String?

    /// Reads the parameters, validating them in lemlist's order.
    init(_ fields: Fields, _ call: APIRequest) throws(ResponseError) {
        let missing = LemlistServer.bad("startDate and endDate are required")
        guard let start = fields.startDate, let end = fields.endDate else { throw missing }
        guard Set(fields.channels).isSubset(of: ["others", "email", "linkedin"]) else {
            throw LemlistServer.bad("channels must be empty or contain \"others\", \"email\" or \"linkedin\"")
        }
        guard fields.abSelected.map({ ["A", "B"].contains($0) }) ?? true else {
            throw LemlistServer.bad("ABSelected must be A or B")
        }
        try LemlistCampaignFilter.check(sender: fields.sendUser, call)
        span = try DateRange(from: start, to: end, call, or: missing.response)
        channels = Set(fields.channels)
        abSelected = fields.abSelected
    }

    /// Whether a variant's counts are requested.
    func includes(_ variant: StepVariant) -> Bool {
        (channels.isEmpty || channels.contains(variant.task.channel))
            && (abSelected == nil || variant.variantIndex == nil || variant.letter == abSelected)
    }

    private static func check(sender: String?, _ call: APIRequest) throws(ResponseError) {
        guard let sender else { return }
        let parts = sender.split(separator: "|", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].hasPrefix("usr_"), parts[1].contains("@") else {
            let reason = "sendUser must be formatted as follow: <sendUserId>|<sendUserEmail>"
            throw ResponseError(response: .text("Bad param format: " + reason, status: 400))
        }
        let owner = call.snapshot.world.userIDs.firstIndex(of: String(parts[0]))
        guard call.snapshot.mailboxes.contains(where: { $0.index % 2 == owner && $0.address == parts[1] }) else {
            throw LemlistServer.bad("the send user email is not related to the send user id")
        }
    }
}

extension StepTask {
    fileprivate var channel: String {
        switch self {
        case .email: "email"
        case .linkedinVisit, .linkedinInvite, .linkedinSend: "linkedin"
        case .phone, .manual, .conditional: "others"
        }
    }
}

extension StepVariant {
    /// The letter of an A/B variant, `A` for the first; `nil` without a test.
    var letter: String? {
        variantIndex.map { String(UnicodeScalar(UInt8(ascii: "A") + UInt8($0 % 26))) }
    }
}
