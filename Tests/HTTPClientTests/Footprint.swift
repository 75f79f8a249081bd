// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What this process holds of the system.
struct Footprint {
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

    /// Measures until a condition holds, for what the kernel takes back a moment later; gives up after ten seconds.
    static func settled(_ condition: (Footprint) -> Bool) async throws -> Footprint {
        let deadline = ContinuousClock.now + .seconds(10)
        var footprint = try Footprint()
        while !condition(footprint), .now < deadline {
            await Task.yield()
            footprint = try Footprint()
        }
        return footprint
    }
}

private func number(of field: String, in status: String) -> Int {
    let line = status.split(separator: "\n").first { $0.hasPrefix(field) }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
}
