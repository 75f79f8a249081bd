// SPDX-License-Identifier: Apache-2.0

internal import Backfill
internal import Collection
internal import FoundationEssentials
internal import HTTPClient
internal import Outreach
internal import Synchronization

/// Makes an account's calls: through its gate, over the transport, with JSON decoding and errors without secrets.
struct APIClient: Sendable {
    /// Base URL, key, time limit and options.
    let account: AccountSettings
    let facts = AccountFacts()
    private let context: ProviderContext
    /// The authentication headers and what removes them from a message; functions rather than values, so that printing a
    /// client shows no key.
    private let sanitizer: @Sendable (Secret) -> MessageSanitizer
    private let headers: @Sendable (AccountSettings) -> [(name: String, value: String)]
    private let parameters: @Sendable (AccountSettings) -> [QueryItem]
    private let error: @Sendable (ErrorResponse) -> APIError

    /// Creates a client.
    ///
    /// - Parameters:
    ///   - account: base URL, key, time limit and options.
    ///   - context: gate, transport and clock.
    ///   - headers: the provider's headers for an account; the key, unless `parameters` have it.
    ///   - parameters: what the provider needs in every query, for one whose API has no header for the key.
    ///   - error: classifies a response that is not what was asked for.
    init(
        _ account: AccountSettings,
        _ context: ProviderContext,
        headers: @escaping @Sendable (AccountSettings) -> [(name: String, value: String)] = { _ in [] },
        parameters: @escaping @Sendable (AccountSettings) -> [QueryItem] = { _ in [] },
        error: @escaping @Sendable (ErrorResponse) -> APIError
    ) {
        self.account = account
        self.context = context
        let sanitizers = SanitizerCache(account, headers)
        sanitizer = { sanitizers[$0] }
        self.headers = headers
        self.parameters = parameters
        self.error = error
    }

    var now: Timestamp { context.now() }

    /// The current day in UTC.
    var today: Day { Day(containing: now.seconds) }

    /// Makes a call and decodes its response.
    ///
    /// - Throws: the error of the last attempt, or `APIError.invalid` if the response is not the expected JSON.
    func fetch<Value: Decodable>(_ call: APICall, as type: Value.Type = Value.self) async throws(APIError) -> Value {
        try await response(to: call) { decoder, text in try decoder.decode(Value.self, from: text) }
    }

    /// Makes a call and reads its response, an object of which only a part is needed.
    ///
    /// - Throws: the error of the last attempt, or `APIError.invalid` if the response is not the expected JSON.
    func fetch<Value>(_ call: APICall, _ read: (JSONObject) throws -> Value) async throws(APIError) -> Value {
        try await response(to: call) { decoder, text in try read(try decoder.decode(JSONObject.self, from: text)) }
    }

    private func response<Value>(
        to call: APICall,
        _ read: (JSONDecoder, Data) throws -> Value
    ) async throws(APIError) -> Value {
        let response = try await context.gate.call(call.route, for: call.part) { () async throws(APIError) in
            try await send(call)
        }
        do throws(APIError) {
            return try await context.gate.decoding(response.body.count) { () throws(APIError) in
                try decode(response, to: call, read)
            }
        } catch {
            throw error.of(call.route, for: call.part)
        }
    }

    private func decode<Value>(
        _ response: APIResponse,
        to call: APICall,
        _ read: (JSONDecoder, Data) throws -> Value
    ) throws(APIError) -> Value {
        guard !JSONValueCount(response.body).isExceeded else {
            throw .tooLarge(reason: "more than \(JSONValueCount.limit) values")
        }
        let unusable = UnusableValues()
        let decoder = JSONDecoder()
        if let key = UnusableValues.key { decoder.userInfo[key] = unusable }
        do {
            let value = try read(decoder, JSONText(response.body).data)
            context.gate.report(
                unusable.all.map { found in
                    var found = found
                    found.row = found.row ?? call.subject
                    return found
                }
            )
            return value
        } catch {
            throw .invalid(status: response.status, reason: sanitizer(key).sanitized(Self.reason(of: error, response)))
        }
    }

    private var key: Secret { context.key?.current ?? account.key }

    /// Sends a request, and once more if its key is refused and the key's file holds another one.
    private func send(_ call: APICall) async throws(APIError) -> APIResponse {
        let key = key
        do throws(APIError) {
            return try await send(call, with: key)
        } catch {
            guard error.isRefusal, let source = context.key else { throw error }
            if let event = await source.refresh(isUrgent: true) { context.gate.report(event) }
            guard source.current != key else { throw error }
            return try await send(call, with: source.current)
        }
    }

    private func send(_ call: APICall, with key: Secret) async throws(APIError) -> APIResponse {
        let response: HTTPResponse
        do throws(TransportError) {
            response = try await context.transport.send(request(for: call, with: key))
        } catch {
            throw error.apiError
        }
        if let failed = ErrorResponse(response, to: call, sanitizer(key), now: now) { throw error(failed) }
        return APIResponse(
            status: response.status,
            body: response.body,
            quota: RequestQuota(response, now: now),
            keeping: response.reservation
        )
    }

    /// The numbers by day of the rows of `route`, whose dates are in `field`: two rows of one day add up, and rows without
    /// a date are left out with a warning.
    func sums(
        of rows: [(day: Day?, measures: Measures<CampaignMeasure>)],
        from route: String,
        _ field: String
    ) -> [Day: Measures<CampaignMeasure>] {
        var sums: [Day: Measures<CampaignMeasure>] = [:]
        for (day, measures) in rows {
            if let day { sums[day, default: Measures()].add(measures) }
        }
        let undated = rows.count { $0.day == nil }
        if undated > 0 { context.gate.report(.rowsLeftOut(route: route, field: field, count: undated)) }
        return sums
    }

    private func request(for call: APICall, with key: Secret) -> HTTPRequest {
        var account = account
        account.key = key
        let contentType = call.body == nil ? [] : [(name: "Content-Type", value: "application/json")]
        let userAgent = account.userAgent.map { [(name: "User-Agent", value: $0)] } ?? []
        var request = HTTPRequest(
            method: call.body == nil ? "GET" : "POST",
            url: call.url(under: account.baseURL, adding: parameters(account)),
            headers: headers(account) + [(name: "Accept", value: "application/json")] + contentType + userAgent,
            body: call.body,
            timeout: account.timeout
        )
        request.authorities = account.caFile
        request.proxy = account.proxyURL?.value
        return request
    }

    private static func reason(of error: any Error, _ response: APIResponse) -> String {
        switch error {
        case _ where ResponseContent(response.body) == .empty: "an empty answer"
        case let error as MappingError: error.reason
        case DecodingError.dataCorrupted: "not JSON"
        default: "JSON of an unexpected shape"
        }
    }
}

/// The sanitizer for the key in use, prepared once per key.
private final class SanitizerCache: Sendable {
    private let headers: @Sendable (AccountSettings) -> [(name: String, value: String)]
    private let account: AccountSettings
    private let last: Mutex<(key: Secret, sanitizer: MessageSanitizer)?>

    init(
        _ account: AccountSettings,
        _ headers: @escaping @Sendable (AccountSettings) -> [(name: String, value: String)]
    ) {
        self.account = account
        self.headers = headers
        last = Mutex(nil)
    }

    subscript(key: Secret) -> MessageSanitizer {
        last.withLock { last in
            if let last, last.key == key { return last.sanitizer }
            var account = account
            account.key = key
            let encoded = headers(account).flatMap { $0.value.split(separator: " ").map(String.init) }
            let sanitizer = MessageSanitizer(secrets: [key.value] + encoded)
            last = (key, sanitizer)
            return sanitizer
        }
    }
}

extension TransportError {
    fileprivate var apiError: APIError {
        switch self {
        case .timedOut: .timedOut
        case .unreachable, .invalidRequest, .untrusted: .unreachable(reason: description)
        case .badEncoding: .invalid(status: 200, reason: description)
        // The status is unknown: error bodies are not that large.
        case .tooLarge: .tooLarge(reason: description)
        case .busy: .busy
        case .cancelled: .cancelled
        }
    }
}

/// A call of an API, independent of base URL and key.
struct APICall: Sendable {
    /// The meaning of a 404 response.
    enum NotFound: Sendable, Hashable {
        /// The object no longer exists; with `saying`, only if the response contains that text.
        case gone(saying: String? = nil)
        case rejected
        case refused
        /// The key is not accepted if the body is empty; a body that is not about keys means that the route does not exist.
        case refusedIfEmpty
    }

    /// The route's pattern, also the `route` label: `/v1/campaigns/{id}/analytics`.
    let route: String
    /// Replaces `{id}`; not yet encoded.
    var id = ""
    /// The query, in the order sent.
    var query: [QueryItem] = []
    /// The JSON body; the method is POST with a body, GET without.
    var body: [UInt8]?
    /// The meaning of a 404 response.
    var notFound = NotFound.rejected
    /// The part of the account's data that it is for; only a refused listing of campaigns fails the whole account.
    var part = DataPart.campaigns

    /// The id of the only campaign or mailbox that it is about; `nil` if there are others.
    fileprivate var subject: String? {
        if !id.isEmpty { return id }
        let ids = query.filter { $0.name == "id" || $0.name == "campaign_id" }.map(\.value)
        return ids.count == 1 ? ids[0] : nil
    }

    /// The absolute URL under a base without a trailing slash, with further parameters.
    func url(under base: String, adding parameters: [QueryItem] = []) -> String {
        let path = route.split(separator: "/").map { $0 == "{id}" ? id.percentEncoded : String($0) }
        let url = base + "/" + path.joined(separator: "/") + (route.hasSuffix("/") ? "/" : "")
        let query = query + parameters
        return query.isEmpty ? url : url + "?" + query.map(\.encoded).joined(separator: "&")
    }

    /// A POST of a value made of strings, arrays and objects, which always encodes.
    static func post(_ route: String, _ value: some Encodable, for part: DataPart) -> APICall {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return APICall(route: route, body: (try? encoder.encode(value)).map(Array.init) ?? [], part: part)
    }
}

/// A parameter of a query, not yet encoded.
struct QueryItem: Sendable, Hashable {
    let name: String
    let value: String

    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// `name=value`, percent-encoded.
    var encoded: String { "\(name.percentEncoded)=\(value.percentEncoded)" }
}

extension String {
    /// Percent-encodes all bytes but the unreserved ones (RFC 3986 §2.3), for a path segment or a query.
    var percentEncoded: String {
        utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                String(UnicodeScalar(byte))
            default: (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        .joined()
    }
}
