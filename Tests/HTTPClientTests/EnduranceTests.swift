// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import Testing

@Suite(.timeLimit(.minutes(30))) struct EnduranceTests {
    @Test("20,000 requests one after the other use one connection and no more memory than the first 2,000")
    func sequence() async {
        await #expect(processExitsWith: .success) {
            try await withServer({ $0.answerAll(#"{"items": []}"#) }) { server in
                let transport = try transport()
                for _ in 0..<2_000 { _ = try await transport.send(HTTPRequest(url: server.url)) }
                let before = try ResourceUsage()
                for _ in 0..<20_000 { _ = try await transport.send(HTTPRequest(url: server.url)) }
                let after = try ResourceUsage()
                #expect(after.memory < before.memory + 1024)
                #expect(after.descriptors <= before.descriptors)
                #expect(server.connections == 1)
            }
        }
    }

    @Test("the last reference takes the thread and the descriptors along")
    func release() async {
        await #expect(processExitsWith: .success) {
            try await withServer({ $0.answerAll() }) { server in
                for _ in 0..<10 { _ = try await transport().send(HTTPRequest(url: server.url)) }
                let before = try ResourceUsage()
                for _ in 0..<200 { _ = try await transport().send(HTTPRequest(url: server.url)) }
                let after = try await ResourceUsage.settled {
                    $0.threads <= before.threads && $0.descriptors <= before.descriptors
                }
                #expect(after.threads <= before.threads)
                #expect(after.descriptors <= before.descriptors)
            }
        }
    }
}

/// The resources of this process.
struct ResourceUsage {
    let threads: Int
    let descriptors: Int
    /// Anonymous resident memory in KiB.
    let memory: Int

    /// Measures the process.
    init() throws {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        threads = number(of: "Threads:", in: status)
        memory = number(of: "RssAnon:", in: status)
        descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    }

    /// Measures until a condition holds, for what the kernel releases a moment later; gives up after four minutes.
    static func settled(_ condition: (ResourceUsage) -> Bool) async throws -> ResourceUsage {
        let deadline = ContinuousClock.now + .seconds(240)
        var usage = try ResourceUsage()
        while !condition(usage), .now < deadline {
            await Task.yield()
            usage = try ResourceUsage()
        }
        return usage
    }
}

private func number(of field: String, in status: String) -> Int {
    let line = status.split(separator: "\n").first { $0.hasPrefix(field) }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
}
