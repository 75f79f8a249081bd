// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient

/// What can go wrong at a provider; the raw values are the simulator's names where it has one.
enum Fault: String, Sendable {
    case unauthorized
    case paymentRequired = "payment-required"
    case forbidden
    case rateLimit = "rate-limit"
    case rateLimitWithoutWait
    case serverError = "server-error"
    case maintenance
    case redirect
    case truncate
    case notJSON = "not-json"
    case tooLarge
    case hang
    case dropConnection = "drop-connection"
    case endlessCursor = "endless-cursor"
    case missingFields = "missing-fields"
    case numbersAsStrings = "numbers-as-strings"
    case duplicateRows = "duplicate-rows"
    case unknownStatus
    case wildNames
    case invalidUTF8
    case empty
    case echo

    static let cursors: Set<String> = ["starting_after", "cursor", "offset", "page"]
    static let wildName = "He said \"hi\" \\ to\nthe 🚀 <b>"

    /// The answer to a request under this fault.
    func bend(_ request: HTTPRequest, _ answer: StubTransport.Route) throws(TransportError) -> HTTPResponse {
        switch self {
        case .hang: throw .timedOut
        case .dropConnection: throw .unreachable("connection reset")
        case .tooLarge: throw .tooLarge(limit: 16_777_216)
        case .endlessCursor: return answer(request.withoutCursor)
        case .echo: return .text(request.echo, status: 400)
        default: break
        }
        if let refusal { return refusal }
        let response = answer(request)
        return HTTPResponse(status: response.status, headers: response.headers, body: bend(response.body))
    }

    private var refusal: HTTPResponse? {
        switch self {
        case .unauthorized: .text(#"{"statusCode":401,"error":"Unauthorized","message":"Nobody"}"#, status: 401)
        case .paymentRequired: .text(#"{"error":"Payment Required","message":"No paid plan"}"#, status: 402)
        case .forbidden: .text("Forbidden", status: 403)
        case .rateLimit: .text("Slow down", status: 429, headers: [("retry-after", "7")])
        case .rateLimitWithoutWait: .text("", status: 429)
        case .serverError: .text("<html>oops</html>", status: 500, headers: [("retry-after", "2")])
        case .maintenance: .text("", status: 503, headers: [("retry-after", "30")])
        case .redirect: .text("", status: 302, headers: [("location", "https://elsewhere.example/")])
        case .notJSON: .text("<!DOCTYPE html><html></html>", status: 200)
        default: nil
        }
    }

    private func bend(_ body: [UInt8]) -> [UInt8] {
        switch self {
        case .truncate: return Array(body.prefix(body.count / 2))
        case .invalidUTF8: return body.replacing("Campaign".utf8, with: [0xC3, 0x28, 0xFF])
        default: break
        }
        return JSON(body)?.bent(by: self).bytes ?? body
    }
}

extension HTTPRequest {
    fileprivate var withoutCursor: HTTPRequest {
        var components = URLComponents(string: url)
        components?.queryItems?.removeAll { Fault.cursors.contains($0.name) }
        var request = self
        request.url = components?.string ?? url
        return request
    }

    /// An error that repeats everything it was sent, as debugging proxies do.
    fileprivate var echo: String {
        let lines = headers.map { "\($0.name): \($0.value)" }.joined(separator: " ")
        return #"{"message":"Bad request from jane@lead.example \#(lines) key=\#(Stage.key)"}"#
    }
}
