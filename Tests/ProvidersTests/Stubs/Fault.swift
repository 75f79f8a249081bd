// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient

/// A fault of a provider; raw values are the simulator's names of the faults that it has too.
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
    case hugePages
    case errorAsSuccess = "error-as-success"
    case successFalse = "success-false"
    case textAsJSON = "text-as-json"
    case emptyBody = "empty-body"
    case blocked1010 = "blocked-1010"
    case blockedChallenge = "blocked-challenge"
    case blockedPage
    case blocked522 = "blocked-522"
    case loneSurrogate = "lone-surrogate"

    static let cursors: Set<String> = ["starting_after", "cursor", "offset", "page"]
    static let wildName = "He said \"hi\" \\ to\nthe 🚀 <b>"

    /// The response to a request under this fault.
    func response(to request: HTTPRequest, _ respond: StubTransport.Respond) throws(TransportError) -> HTTPResponse {
        switch self {
        case .hang: throw .timedOut
        case .dropConnection: throw .unreachable("connection reset")
        case .tooLarge: throw .tooLarge(limit: 16_777_216)
        case .hugePages where request.rows > 30: throw .tooLarge(limit: 16_777_216)
        case .endlessCursor: return respond(request.withoutCursor)
        case .echo: return .text(request.echo, status: 400)
        default: break
        }
        if let errorResponse { return errorResponse }
        let response = respond(request)
        return HTTPResponse(status: response.status, headers: response.headers, body: mutated(response.body))
    }

    private var errorResponse: HTTPResponse? {
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
        case .errorAsSuccess: .text(#"{"error":"Invalid API key"}"#, status: 200)
        case .successFalse: .text(#"{"success":false,"message":"Something broke","data":[]}"#, status: 200)
        case .textAsJSON: .text("Something broke", status: 200, headers: [("content-type", "application/json")])
        case .emptyBody: .text(" ", status: 200)
        case .blocked1010: .text("error code: 1010", status: 403, headers: [("server", "cloudflare")])
        case .blockedChallenge: .text("<!DOCTYPE html>Wait", status: 503, headers: [("cf-mitigated", "challenge")])
        case .blockedPage: .text("<html><title>403 Forbidden</title></html>", status: 403)
        case .blocked522: .text("<!DOCTYPE html>Connection timed out", status: 522)
        default: nil
        }
    }

    private func mutated(_ body: [UInt8]) -> [UInt8] {
        switch self {
        case .truncate: return Array(body.prefix(body.count / 2))
        case .loneSurrogate: return body.replacing("Campaign".utf8, with: #"\\\ud83d\\uD83D\uD83D\uDE80\uDC00"#.utf8)
        case .invalidUTF8: return body.replacing("Campaign".utf8, with: [0xC3, 0x28, 0xFF])
        default: break
        }
        return JSON(body)?.mutated(by: self).bytes ?? body
    }
}

extension HTTPRequest {
    /// The number of rows requested.
    var rows: Int { (query["limit"] ?? query["per_page"]).flatMap { Int($0) } ?? 0 }

    fileprivate var withoutCursor: HTTPRequest {
        var components = URLComponents(string: url)
        components?.queryItems?.removeAll { Fault.cursors.contains($0.name) }
        var request = self
        request.url = components?.string ?? url
        return request
    }

    /// An error that repeats the request, as debugging proxies do.
    fileprivate var echo: String {
        let lines = headers.map { "\($0.name): \($0.value)" }.joined(separator: " ")
        return #"{"message":"Bad request from jane@lead.example \#(lines) \#(url) key=\#(TestProvider.key)"}"#
    }
}

extension JSON {
    /// Applies a fault to this value and all nested ones.
    fileprivate func mutated(by fault: Fault) -> JSON {
        switch self {
        case .number(let number) where fault == .numbersAsStrings:
            .text(Int(exactly: number).map(String.init) ?? String(number))
        case .list(let list): .list(Self.mutate(list, by: fault))
        case .object(let object): .object(Self.mutate(object, by: fault))
        default: self
        }
    }

    private static func mutate(_ list: [JSON], by fault: Fault) -> [JSON] {
        guard case .object = list.first else { return list }
        let mutated = list.map { $0.mutated(by: fault) }
        return switch fault {
        case .empty: []
        case .duplicateRows: mutated.flatMap { [$0, $0] }
        default: mutated
        }
    }

    private static func mutate(_ object: [String: JSON], by fault: Fault) -> [String: JSON] {
        let isCampaign = object["campaign_name"] != nil || object["name"] != nil
        var mutated = object.mapValues { $0.mutated(by: fault) }
        for (key, value) in object {
            switch (fault, value) {
            case (.missingFields, _) where ["pagination", "meta"].contains(key): mutated[key] = value
            case (.missingFields, .number) where key != "id" && !key.hasSuffix("_id"): mutated[key] = nil
            case (.unknownStatus, _) where isCampaign && key.hasSuffix("status"): mutated[key] = "from_the_future"
            case (.wildNames, _) where isCampaign && key.hasSuffix("name"): mutated[key] = .text(Fault.wildName)
            case (.empty, _) where key == "next_starting_after": mutated[key] = nil
            case (.empty, _) where key == "pagination": mutated[key] = ["hasMore": false]
            case (.empty, _) where key == "meta": mutated[key] = ["current_page": 1, "last_page": 1, "total": 0]
            default: break
            }
        }
        return mutated
    }
}
