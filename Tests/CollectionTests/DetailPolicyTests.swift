// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Collection

@Suite struct DetailPolicyTests {
    private let policy = DetailPolicy(listingShowsChange: true, interval: .seconds(300))

    @Test(
        "Patience doubles from the next cycle to within an hour",
        arguments: [(0, 150), (1, 450), (2, 1050), (3, 2250), (4, 3300), (5, 3300), (10_000, 3300)]
    )
    func patience(quietLooks: Int, seconds: Int) {
        #expect(policy.patience(quietLooks) == .seconds(seconds))
    }

    @Test("With an interval of an hour or more every campaign is due in every cycle", arguments: [3600, 7200])
    func longInterval(seconds: Int) {
        let policy = DetailPolicy(listingShowsChange: true, interval: .seconds(seconds))
        #expect(policy.patience(10) <= .zero)
        #expect(policy.turns(of: 70) == 70)
    }

    @Test(
        "Turns come round in an hour, in a day where groups are looked at, and soon where campaigns are few",
        arguments: [(0, 0, 0), (1, 1, 1), (20, 20, 1), (200, 25, 1), (2_000, 182, 7), (5_000, 455, 18)]
    )
    func turns(campaigns: Int, hourly: Int, daily: Int) {
        let groups = DetailPolicy(listingShowsChange: true, looksAtGroups: true, interval: .seconds(300))
        #expect(policy.turns(of: campaigns) == hourly)
        #expect(groups.turns(of: campaigns) == daily)
    }
}
