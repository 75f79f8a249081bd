// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Collection

/// The pace that follows what a provider tells about a key's quota.
@Suite struct RequestQuotaTests {
    private static let start = TestClock().now

    /// The rate after a quota was told and some seconds have passed.
    private func rate(
        _ remaining: Int,
        _ reset: Double,
        after seconds: Double = 1_000,
        _ bucket: TokenBucket = TokenBucket(rate: 1, maximum: 4, burst: 1, at: RequestQuotaTests.start)
    ) -> Double {
        var bucket = bucket
        bucket.adapt(to: RequestQuota(remaining: remaining, reset: .seconds(reset)), at: Self.start)
        _ = bucket.take(at: Self.start + .seconds(seconds))
        return bucket.currentRate
    }

    @Test("Nine tenths of the rest are spread over its time, up to the maximum and down to 1/32 of the configured rate")
    func spread() {
        #expect(abs(rate(100, 50) - 1.8) < 1e-9)
        #expect(rate(1_000, 50) == 4)
        #expect(abs(rate(25, 50) - 0.45) < 1e-9)
        #expect(rate(1, 3_600) == 1.0 / 32)
    }

    @Test("With nothing left, no request goes out before the quota starts again")
    func exhausted() {
        var bucket = TokenBucket(rate: 40, maximum: 40, burst: 5, at: Self.start)
        bucket.adapt(to: RequestQuota(remaining: 0, reset: .seconds(15)), at: Self.start)
        #expect((bucket.take(at: Self.start) ?? .zero) >= .seconds(15))
        #expect(bucket.take(at: Self.start + .seconds(16)) == nil)
    }

    @Test("A cut is immediate, a raise gradual")
    func speed() {
        #expect(abs(rate(25, 50, after: 0) - 0.45) < 1e-9)
        #expect(rate(100, 50, after: 0) == 1)
        #expect((1.1...1.3).contains(rate(100, 50, after: 10)))
    }

    @Test("Without a maximum a quota only lowers the rate")
    func lowered() {
        #expect(rate(1_000, 50, TokenBucket(rate: 1, burst: 1, at: Self.start)) == 1)
    }

    @Test("Nothing left means to wait for the reset; a reset within seconds tells no pace")
    func pause() {
        var bucket = TokenBucket(rate: 1, maximum: 4, burst: 1, at: Self.start)
        bucket.adapt(to: RequestQuota(remaining: 0, reset: .seconds(30)), at: Self.start)
        #expect(bucket.pauseEnd(at: Self.start) == Self.start + .seconds(30))
        #expect(rate(1, 4, after: 0) == 1)
    }

    @Test("A reload starts again from the configured rate")
    func reload() {
        var bucket = TokenBucket(rate: 1, maximum: 4, burst: 1, at: Self.start)
        bucket.adapt(to: RequestQuota(remaining: 1_000, reset: .seconds(50)), at: Self.start)
        bucket.configure(rate: 0.5, burst: 1)
        _ = bucket.take(at: Self.start + .seconds(1_000))
        #expect(bucket.currentRate == 0.5)
    }
}
