// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPServer
import TestSupport

/// A free port of the loopback interface.
let loopback = ListenAddress.network(host: "127.0.0.1", port: 0)

/// A configuration for the loopback interface, changed as the test needs it.
func configured(_ change: (inout Server.Configuration) -> Void = { _ in }) -> Server.Configuration {
    var configuration = Server.Configuration(addresses: [loopback])
    change(&configuration)
    return configuration
}

/// Makes a server, and runs it for as long as `body` runs with its first address.
func serving(
    _ configuration: Server.Configuration = configured(),
    handler: @escaping @Sendable (Request) -> Server.HandlerResult,
    _ body: @escaping @Sendable (ListenAddress) throws -> Void
) async throws {
    try await withFiles {
        let server = try Server(configuration, handler: handler)
        try await runningNow(server) { try body(server.addresses[0]) }
    }
}

/// Runs a server for as long as `body` runs, and waits for its end.
func running(_ server: Server, _ body: @escaping @Sendable () throws -> Void) async throws {
    try await withFiles { try await runningNow(server, body) }
}

private func runningNow(_ server: Server, _ body: @escaping @Sendable () throws -> Void) async throws {
    try await withThrowingTaskGroup { group in
        group.addTask { try await server.run() }
        group.addTask { try await onThread(body) }
        // The server ends first only if it failed.
        _ = try await group.next()
        group.cancelAll()
        try await group.waitForAll()
    }
}

/// Does blocking work on a thread of its own, because blocked tasks would keep the server's from running.
func onThread(_ body: @escaping @Sendable () throws -> Void) async throws {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
    }
}
