// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer

/// lemlist's API, whose errors are plain text.
enum LemlistServer: ProviderServer {
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

    static func refusal(_ kind: RefusalKind) -> SimulatedResponse {
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
    static func headers(for verdict: SimulatedRateLimiter.Verdict) -> [(name: String, value: String)] {
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

extension LemlistServer {
    private static let emojis = ["🚀", "📈", "🌍", "👋"]

    /// `GET /campaigns`: a bare array, or with `page` and `version=v2` an object whose last page names itself as the next.
    static func campaigns(_ call: APIRequest) throws(Refusal) -> SimulatedResponse {
        let limit = min(100, call.query("limit").flatMap { Int($0) } ?? 100)
        guard limit > 0 else { throw bad("limit must be a positive number") }
        let rows = listed(call)
        guard call.query("version") == "v2", let page = call.query("page").flatMap({ Int($0) }) else {
            let offset = max(0, call.query("offset").flatMap { Int($0) } ?? 0)
            let listing = PageSlice(rows: rows, faults: call.faults, endsWithShortPage: true)
            let page = try listing.page(from: offset, limit: limit, or: refusal(.serverError)).rows
            return .json(.array(page.map { campaign($0, call) }))
        }
        return try numbered(max(1, page), of: rows, limit, call)
    }

    private static func numbered(
        _ page: Int,
        of rows: [CampaignPlan],
        _ limit: Int,
        _ call: APIRequest
    ) throws(Refusal) -> SimulatedResponse {
        let listing = PageSlice(rows: rows, faults: call.faults)
        let found = try listing.page(from: (page - 1) * limit, limit: limit, or: refusal(.serverError))
        let pages = max(found.more ? page + 1 : 1, (rows.count + limit - 1) / limit)
        return .json([
            "campaigns": .array(found.rows.map { campaign($0, call) }),
            "pagination": [
                "totalRecords": .int(rows.count), "currentPage": .int(page),
                "nextPage": .int(found.more ? page + 1 : page), "totalPage": .int(pages),
            ],
        ])
    }

    private static func listed(_ call: APIRequest) -> [CampaignPlan] {
        let status = call.query("status")
        let rows = call.scene.campaigns.filter { campaign in
            status.map(call.scene.state(of: campaign).lemlistStatuses.contains) ?? true
        }
        guard call.query("sortBy") == "createdAt" else { return rows }
        let isDescending = call.query("sortOrder") == "desc"
        return rows.sorted { isDescending ? $0.created > $1.created : $0.created < $1.created }
    }

    /// A row; every second one is as short as the vendor's second example.
    private static func campaign(_ campaign: CampaignPlan, _ call: APIRequest) -> JSON {
        let state = call.scene.state(of: campaign)
        let failing = state == .failing
        let row: JSON = [
            "_id": .string(campaign.id), "name": .string(campaign.name), "labels": [],
            "createdAt": call.timestamp(campaign.created), "createdBy": .string(call.scene.world.userIDs[0]),
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

extension CampaignState {
    /// lemlist's words for it: the one shown first, then others that the status filter finds it by.
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

/// Which numbers a lemlist client asks for: a span, channels, and one side of the A/B test.
struct LemlistCampaignFilter {
    /// The fields as sent, in the query or in a batch's body.
    struct Fields {
        var startDate, endDate, abSelected, sendUser: String?
        var channels: [String] = []
    }

    let span: DateRange
    private let channels: Set<String>
    private let abSelected: String?

    /// Reads and checks the fields in the order in which lemlist complains.
    init(_ fields: Fields, _ call: APIRequest) throws(Refusal) {
        guard let start = fields.startDate, let end = fields.endDate else {
            throw LemlistServer.bad("startDate and endDate are required")
        }
        guard Set(fields.channels).isSubset(of: ["others", "email", "linkedin"]) else {
            throw LemlistServer.bad("channels must be empty or contain \"others\", \"email\" or \"linkedin\"")
        }
        guard fields.abSelected.map({ ["A", "B"].contains($0) }) ?? true else {
            throw LemlistServer.bad("ABSelected must be A or B")
        }
        try LemlistCampaignFilter.check(sender: fields.sendUser, call)
        span = try DateRange(
            from: start,
            to: end,
            call.clock,
            or: LemlistServer.bad("startDate and endDate are required").answer
        )
        channels = Set(fields.channels)
        abSelected = fields.abSelected
    }

    /// Whether a cell's numbers are asked for.
    func includes(_ cell: Cell) -> Bool {
        (channels.isEmpty || channels.contains(cell.task.channel))
            && (abSelected == nil || cell.variant == nil || cell.letter == abSelected)
    }

    private static func check(sender: String?, _ call: APIRequest) throws(Refusal) {
        guard let sender else { return }
        let parts = sender.split(separator: "|", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].hasPrefix("usr_"), parts[1].contains("@") else {
            let reason = "sendUser must be formatted as follow: <sendUserId>|<sendUserEmail>"
            throw Refusal(answer: .text("Bad param format: " + reason, status: 400))
        }
        let owner = call.scene.world.userIDs.firstIndex(of: String(parts[0]))
        guard call.scene.mailboxes.contains(where: { $0.index % 2 == owner && $0.address == parts[1] }) else {
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

extension Cell {
    /// The variant as people name it: `A` for the first.
    var letter: String? {
        variant.map { String(UnicodeScalar(UInt8(ascii: "A") + UInt8($0 % 26))) }
    }
}
