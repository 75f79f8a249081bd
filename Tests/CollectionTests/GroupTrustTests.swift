// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Collection

@Suite struct GroupTrustTests {
    @Test("Trust lost comes back after twice the time, up to a day, and at once where the sums add up")
    func patience() {
        let start = ContinuousClock.now
        var trust = GroupTrust()
        #expect(trust.isGiven(at: start))
        for hours in [1, 2, 4, 8, 16, 24, 24] {
            trust.lose(at: start)
            #expect(!trust.isGiven(at: start + .seconds(hours * 3600 - 1)))
            #expect(trust.isGiven(at: start + .seconds(hours * 3600)))
        }
        trust.confirm()
        #expect(trust.isGiven(at: start))
        trust.lose(at: start)
        #expect(trust.isGiven(at: start + .seconds(3600)))
    }
}
