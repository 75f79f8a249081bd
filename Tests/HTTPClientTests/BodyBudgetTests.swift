// SPDX-License-Identifier: Apache-2.0

import HTTPClient
import Testing

@Suite(.timeLimit(.minutes(30))) struct BodyBudgetTests {
    private static let large = String(repeating: "x", count: 5 << 20)

    @Test("Large bodies share a budget, and give it back when the last of their holders is gone")
    func large() async throws {
        try await withServer({ $0.answerAll(Self.large) }) { server in
            let transport = try transport { $0.bodyBudget = 12 << 20 }
            let request = HTTPRequest(url: server.url)
            var first: HTTPResponse? = try await transport.send(request)
            #expect(first?.body.count == 5 << 20)
            #expect(await transport.failure(of: request) == .busy)
            // The last use of the first response.
            #expect(first?.reservation != nil)
            first = nil
            #expect(await transport.failure(of: request) == nil)
        }
    }

    @Test("A body of up to a mebibyte is never refused")
    func small() async throws {
        let text = String(repeating: "x", count: 1 << 20)
        try await withServer({ $0.answerAll(text) }) { server in
            let transport = try transport { $0.bodyBudget = 0 }
            #expect(try await transport.send(HTTPRequest(url: server.url)).body.count == 1 << 20)
        }
    }
}
