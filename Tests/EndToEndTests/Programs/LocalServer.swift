// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Testing

/// Answers requests for as long as `body` runs with the address, `http://127.0.0.1:41234`.
func withServer<Value: Sendable>(
    _ answer: @escaping @Sendable (Request) -> Response,
    _ body: @escaping @Sendable (String) async throws -> Value
) async throws -> Value {
    let address = ListenAddress.network(host: "127.0.0.1", port: 0)
    let server = try Server(.init(addresses: [address])) { .response(answer($0)) }
    let url = "http://\(try #require(server.addresses.first))"
    return try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask {
            try await server.run()
            return nil
        }
        group.addTask { try await body(url) }
        defer { group.cancelAll() }
        return try #require(try await group.next() ?? nil)
    }
}
