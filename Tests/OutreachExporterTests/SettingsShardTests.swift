// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Providers
import Testing

@testable import OutreachExporter

@Suite struct SettingsShardTests {
    private let settings = Settings(
        accounts: (0..<600).map { ConfiguredAccount("account \($0)", of: StubAlpha.self, key: Secret("key \($0)")) }
    )

    @Test(
        "Every account belongs to exactly one share, in its order, and the shares are about equal",
        arguments: [1, 2, 3, 7]
    )
    func shares(count: Int) throws {
        let shares = try (1...count).map { try settings.share(of: #require(Shard("\($0)/\(count)"))).accounts }
        let names = settings.accounts.map(\.name)
        for number in 1...count {
            let share = try settings.share(of: #require(Shard("\(number)/\(count)")))
            #expect(
                share.accountNames == Set(names) && share.otherAccounts.isDisjoint(with: share.accounts.map(\.name))
            )
        }
        #expect(shares.joined().map(\.name).sorted() == names.sorted())
        for share in shares {
            #expect(share.map(\.name) == names.filter(share.map(\.name).contains))
            #expect(share.count > 600 / count * 3 / 4)
        }
    }

    @Test("One instance more moves accounts to itself only")
    func growth() throws {
        for number in 1...3 {
            let before = try settings.share(of: #require(Shard("\(number)/3"))).accounts
            let after = try settings.share(of: #require(Shard("\(number)/4"))).accounts
            #expect(Set(after).isSubset(of: before))
            #expect(after.count > 120 && after.count < before.count)
        }
    }

    @Test("Accounts that share a key stay together, and share a limit")
    func together() throws {
        var manager = settings
        manager.accounts = (0..<40).map {
            ConfiguredAccount("a\($0)", of: StubAlpha.self, key: Secret("key \($0 % 4)"))
        }
        #expect(Set(manager.accounts.map(\.settings.rateLimitKey)).count == 4)
        for number in 1...5 {
            let share = try manager.share(of: #require(Shard("\(number)/5")))
            let limits = Dictionary(grouping: share.accounts, by: \.settings.rateLimitKey)
            #expect(limits.values.allSatisfy { $0.count == 10 })
        }
    }

    @Test("Another provider, URL or key is another limit, another name is not")
    func limits() {
        let account = ConfiguredAccount("a", of: StubAlpha.self, key: Secret("sesame"))
        var elsewhere = account
        elsewhere.settings.baseURL = "https://elsewhere.example"
        let others = [
            elsewhere, ConfiguredAccount("a", of: StubBeta.self, key: Secret("sesame")),
            ConfiguredAccount("a", of: StubAlpha.self, key: Secret("other")),
        ]
        #expect(Set((others + [account]).map(\.settings.rateLimitKey)).count == 4)
        let namesake = ConfiguredAccount("b", of: StubAlpha.self, key: Secret("sesame"))
        #expect(namesake.settings.rateLimitKey == account.settings.rateLimitKey)
    }
}
