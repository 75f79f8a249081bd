// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import FoundationEssentials
internal import HTTPClient
internal import Outreach

/// The way of every call to an API: through the account's gate, out over the transport, read with suspicion.
struct APIClient: Sendable {
    /// Whose calls these are: base URL, key, time limit.
    let account: ProviderAccount
    /// Makes what every request of the account carries; kept as a way to it, for it holds the key.
    let headers: @Sendable (ProviderAccount) -> [(name: String, value: String)]
    /// The account's gate.
    let gate: CallGate
    /// What carries the requests.
    let transport: any Transport
    /// The moment by the wall clock.
    let now: @Sendable () -> Timestamp
    /// How this provider's refusals read.
    let failure: @Sendable (ErrorAnswer) -> CallFailure

    /// Makes a call and decodes its JSON.
    ///
    /// - Throws: the failure of the last attempt, or `CallFailure.invalid` for an answer that is not what it should be.
    func fetch<Value: Decodable>(_ call: APICall, as type: Value.Type = Value.self) async throws(CallFailure) -> Value {
        let reply = try await gate.call(call.route) { () async throws(CallFailure) in try await attempt(call) }
        do {
            return try JSONDecoder().decode(type, from: reply.repairedBody)
        } catch {
            throw .invalid(status: reply.status, reason: text.cleaned(Self.reason(of: error)))
        }
    }

    private func attempt(_ call: APICall) async throws(CallFailure) -> Reply {
        let response: HTTPResponse
        do throws(TransportError) {
            response = try await transport.send(request(for: call))
        } catch {
            throw error.failure
        }
        guard !(200..<300).contains(response.status) else {
            return Reply(status: response.status, body: response.body)
        }
        throw failure(ErrorAnswer(response, to: call, text: text, now: now()))
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
        case let problem as WireProblem: problem.reason
        case DecodingError.dataCorrupted: "not JSON"
        default: "JSON of an unexpected shape"
        }
    }
}

extension Reply {
    /// The body with every invalid UTF-8 sequence replaced, so that one broken name does not cost the whole answer.
    fileprivate var repairedBody: Data { Data(String(decoding: body, as: UTF8.self).utf8) }
}

extension TransportError {
    fileprivate var failure: CallFailure {
        switch self {
        case .timedOut: .timedOut
        case .unreachable, .invalidRequest, .untrusted: .unreachable(reason: description)
        // Its status is not kept; only a success would go on for so long.
        case .tooLarge: .invalid(status: 200, reason: description)
        case .cancelled: .cancelled
        }
    }
}
