// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Testing

@testable import Simulator

@Suite struct SimulatedRateLimiterTests {
    @Test(
        "A key has so many calls in a window, then 429 until the window ends",
        arguments: [
            (SimulatedProvider.instantly, "api/v2/campaigns", 10, 1.0), (.lemlist, "campaigns", 20, 2.0),
            (.sendkit, "v1/campaigns", 10, 1.0),
        ]
    )
    func window(provider: SimulatedProvider, path: String, calls: Int, seconds: Double) throws {
        var client = SimulatorClient { $0.enforcesLimits = true }
        for _ in 0..<calls { #expect(try client.call(provider, path).status == 200) }
        client.clock.advance(seconds - 0.1)
        #expect(try client.call(provider, path).status == 429)
        client.clock.advance(0.1)
        #expect(try client.call(provider, path).status == 200)
        client.key = "sk_other"
        #expect(try client.call(provider, path).status == 200)
    }

    @Test("Of two windows the longer one counts too, and refused calls count for neither")
    func twoWindows() {
        let limiter = SimulatedRateLimiter()
        let limits = [RateLimit(requests: 10, seconds: 1), RateLimit(requests: 25, seconds: 60)]
        let admitted = { (times: StrideTo<Double>) in times.count { limiter.admit("k", limits, at: $0).isAllowed } }
        #expect(admitted(stride(from: 0, to: 1, by: 0.0625)) == 10)
        #expect(admitted(stride(from: 1, to: 60, by: 0.0625)) == 15)
        #expect(limiter.admit("k", limits, at: 59).retryAfter == 1)
        #expect(admitted(stride(from: 60, to: 61, by: 0.0625)) == 10)
    }

    @Test("lemlist says where a caller stands on every answer, Retry-After included")
    func headers() throws {
        let client = SimulatorClient { $0.enforcesLimits = true }
        let first = try client.call(.lemlist, "team")
        #expect(first.header("Retry-After") == "2")
        #expect(first.header("X-RateLimit-Limit") == "20")
        #expect(first.header("X-RateLimit-Remaining") == "19")
        #expect(first.header("X-RateLimit-Reset") == "Wed May 13 2026 12:00:02 GMT+0000 (Coordinated Universal Time)")
        for _ in 0..<20 { _ = try client.call(.lemlist, "team") }
        let refused = try client.call(.lemlist, "team")
        #expect(refused.status == 429)
        #expect(refused.header("X-RateLimit-Remaining") == "0")
    }

    @Test("A limiter forgets keys whose windows are over")
    func memory() {
        let limiter = SimulatedRateLimiter()
        let limits = [RateLimit(requests: 1, seconds: 1)]
        for key in 0..<10_000 { _ = limiter.admit("\(key)", limits, at: Double(key)) }
        #expect(limiter.admit("0", limits, at: 10_000).isAllowed)
        #expect(!limiter.admit("0", limits, at: 10_000.5).isAllowed)
    }
}
