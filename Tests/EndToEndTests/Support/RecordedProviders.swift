// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPServer
import Synchronization

/// The providers' APIs answering with recorded bodies, over HTTP; the first part of a path names the recording.
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
        let provider = TestedProvider.named(path[1])
        let base = provider.path.split(separator: "/").count
        let file = provider.recording(request, path.dropFirst(1 + base).joined(separator: "/"), folder)
        guard let file else { return .text("Not found", status: 404) }
        let inline = file.hasPrefix("{") || file.hasPrefix("[")
        let body = inline ? Array(file.utf8) : TestFiles.bytes("\(folder)/\(file).json")
        return Response(headers: [("Content-Type", "application/json")], body: [body])
    }
}
