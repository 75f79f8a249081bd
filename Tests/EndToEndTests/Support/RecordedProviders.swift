// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPServer
import Synchronization

/// The three APIs answering with recorded bodies, over HTTP; the first part of a path names the recording.
final class RecordedProviders: Sendable {
    private static let recordings = [
        "seeds": "ProvidersTests/Fixtures",
        "newer": "EndToEndTests/Fixtures/newer",
    ]

    private let seen = Mutex<[Request]>([])

    /// What was asked so far.
    var requests: [Request] { seen.withLock { $0 } }

    /// Serves as long as `body` runs with the address, `http://127.0.0.1:41234`.
    func serve<Value: Sendable>(_ body: @escaping @Sendable (String) async throws -> Value) async throws -> Value {
        try await withServer({ request in
            self.seen.withLock { $0.append(request) }
            return self.answer(to: request)
        }) { try await body($0) }
    }

    private func answer(to request: Request) -> Response {
        let path = request.path.split(separator: "/").map(String.init)
        guard path.count > 2, let recording = Self.recordings[path[0]] else { return .text("Not found", status: 404) }
        let folder = TestFiles.path("\(recording)/\(path[1])")
        let file: String? =
            switch path[1] {
            case "instantly": Self.instantly(request, path.dropFirst(4), folder)
            case "lemlist": Self.lemlist(path.dropFirst(3))
            default: Self.sendKit(path.dropFirst(3))
            }
        guard let file else { return .text("Not found", status: 404) }
        let inline = file.hasPrefix("{") || file.hasPrefix("[")
        let body = inline ? Array(file.utf8) : TestFiles.bytes("\(folder)/\(file).json")
        return Response(headers: [("Content-Type", "application/json")], body: [body])
    }

    /// The file with the answer to a call, or the answer itself; `nil` for a route that does not exist.
    private static func instantly(_ request: Request, _ path: ArraySlice<String>, _ folder: String) -> String? {
        let query = Dictionary(request.query.map { ($0.name, $0.value) }) { first, _ in first }
        let analytics = String(decoding: TestFiles.bytes("\(folder)/analytics.json"), as: UTF8.self)
        let hasSent = (query["id"] ?? query["campaign_id"]).map { analytics.contains($0) } ?? false
        return switch path.joined(separator: "/") {
        case "campaigns": query["starting_after"] == nil ? "campaigns" : #"{"items": []}"#
        case "campaigns/analytics": "analytics"
        case "campaigns/analytics/overview": hasSent ? "overview" : "{}"
        case "campaigns/analytics/steps": hasSent ? "steps" : "[]"
        case "accounts": "accounts"
        case "accounts/warmup-analytics": "warmup"
        case "accounts/test/vitals": "vitals"
        default: nil
        }
    }

    private static func lemlist(_ path: ArraySlice<String>) -> String? {
        switch Array(path) {
        case ["campaigns"]: "campaigns"
        case ["v2", "campaigns", "stats", "batch"]: "batch"
        case ["team"]: "team"
        case let path where path.count == 4 && path[0] == "v2" && path[3] == "stats": "stats"
        case let path where path.count == 2 && path[0] == "users": "user"
        case let path where path.count == 3 && path[0] == "lemwarm": "lemwarm"
        default: nil
        }
    }

    private static func sendKit(_ path: ArraySlice<String>) -> String? {
        switch Array(path) {
        case ["campaigns"]: "campaigns"
        case ["mailboxes"]: "mailboxes"
        case ["warmup", "stats"]: "warmup"
        case let path where path.count == 3 && path[0] == "campaigns" && path[2] == "analytics": "analytics"
        default: nil
        }
    }
}
