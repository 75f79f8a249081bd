// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import FoundationEssentials
internal import HTTPClient
internal import Outreach

/// The way of every call to an API: through the account's gate, out over the transport, read with suspicion.
struct APIClient: Sendable {
    /// Whose calls these are: base URL, key, time limit.
    let account: AccountSettings
    /// Makes what every request of the account carries; kept as a way to it, for it holds the key.
    let headers: @Sendable (AccountSettings) -> [(name: String, value: String)]
    /// The account's gate.
    let gate: RequestGate
    /// What carries the requests.
    let transport: any Transport
    /// The moment by the wall clock.
    let now: @Sendable () -> Timestamp
    /// How this provider's refusals read.
    let failure: @Sendable (ErrorResponse) -> APIError

    /// Makes a call and decodes its JSON.
    ///
    /// - Throws: the failure of the last attempt, or `APIError.invalid` for an answer that is not what it should be.
    func fetch<Value: Decodable>(_ call: APICall, as type: Value.Type = Value.self) async throws(APIError) -> Value {
        let reply = try await gate.call(call.route) { () async throws(APIError) in try await attempt(call) }
        do {
            return try JSONDecoder().decode(type, from: reply.repairedBody)
        } catch {
            throw .invalid(status: reply.status, reason: text.cleaned(Self.reason(of: error)))
        }
    }

    private func attempt(_ call: APICall) async throws(APIError) -> APIResponse {
        let response: HTTPResponse
        do throws(TransportError) {
            response = try await transport.send(request(for: call))
        } catch {
            throw error.failure
        }
        guard !(200..<300).contains(response.status) else {
            return APIResponse(status: response.status, body: response.body)
        }
        throw failure(ErrorResponse(response, to: call, text: text, now: now()))
    }

    private func request(for call: APICall) -> HTTPRequest {
        let content = call.body == nil ? [] : [(name: "Content-Type", value: "application/json")]
        return HTTPRequest(
            method: call.body == nil ? "GET" : "POST",
            url: call.url(under: account.baseURL),
            headers: headers(account) + [(name: "Accept", value: "application/json")] + content,
            body: call.body,
            timeout: account.timeout
        )
    }

    /// Knows the key in each of the forms in which an answer might echo it.
    private var text: ErrorText {
        let words = headers(account).flatMap { $0.value.split(separator: " ").map(String.init) }
        return ErrorText(secrets: [account.key.value] + words)
    }

    private static func reason(of error: any Error) -> String {
        switch error {
        case let problem as MappingError: problem.reason
        case DecodingError.dataCorrupted: "not JSON"
        default: "JSON of an unexpected shape"
        }
    }
}

extension APIResponse {
    /// The body with every invalid UTF-8 sequence replaced, so that one broken name does not cost the whole answer.
    fileprivate var repairedBody: Data { Data(String(decoding: body, as: UTF8.self).utf8) }
}

extension TransportError {
    fileprivate var failure: APIError {
        switch self {
        case .timedOut: .timedOut
        case .unreachable, .invalidRequest, .untrusted: .unreachable(reason: description)
        // Its status is not kept; only a success would go on for so long.
        case .tooLarge: .invalid(status: 200, reason: description)
        case .cancelled: .cancelled
        }
    }
}

/// One call to an API, before it is a request to a server.
struct APICall: Sendable {
    /// What it means when the answer is 404.
    enum Missing: Sendable, Hashable {
        /// The thing asked for no longer exists; where `saying` is given, only if the answer says so.
        case gone(saying: String? = nil)
        /// There is no such route.
        case rejected
        /// The key belongs to nobody.
        case refused
    }

    /// The route's pattern, which is the `endpoint` label too: `/v1/campaigns/{id}/analytics`.
    let route: String
    /// What stands in place of `{id}`.
    var id = ""
    /// The query, in the order sent.
    var query: [QueryItem] = []
    /// The JSON body; with one the method is POST, without one GET.
    var body: [UInt8]?
    /// What it means when the answer is 404.
    var missing = Missing.rejected

    /// The absolute URL under a base without a slash at its end.
    func url(under base: String) -> String {
        let path = route.split(separator: "/").map { $0 == "{id}" ? id.percentEncoded : String($0) }
        let address = base + "/" + path.joined(separator: "/")
        return query.isEmpty ? address : address + "?" + query.map(\.encoded).joined(separator: "&")
    }

    /// A call that sends a value as JSON; strings, lists and objects of them always encode.
    static func post(_ route: String, _ value: some Encodable) -> APICall {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return APICall(route: route, body: (try? encoder.encode(value)).map(Array.init) ?? [])
    }
}

/// A name and value of a URL's query, not yet encoded.
struct QueryItem: Sendable, Hashable {
    let name: String
    let value: String

    /// Names a value.
    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// `name=value`, percent-encoded.
    var encoded: String { "\(name.percentEncoded)=\(value.percentEncoded)" }
}

extension String {
    /// Every byte but the unreserved ones of RFC 3986 as `%XX`: safe in a path segment and in a query.
    var percentEncoded: String {
        var encoded = ""
        for byte in utf8 {
            if byte.isUnreserved {
                encoded.unicodeScalars.append(UnicodeScalar(byte))
            } else {
                encoded += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }
}

extension UInt8 {
    private static let marks = Set("-._~".utf8)

    fileprivate var isUnreserved: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: Self.marks.contains(self)
        }
    }
}
