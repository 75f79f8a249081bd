// SPDX-License-Identifier: Apache-2.0

import Outreach
import RegularExpressions
import TestSupport
import Testing

@testable import Collection

@Suite struct CampaignFilterTests {
    /// A name that the expression cannot decide within its limit.
    private static let name = "Outreach to founders in Berlin and Munich 2024!"
    private static let nested = "^(\\w+\\s?)*$"

    @Test(
        "A name passes if it contains one of include and none of exclude",
        arguments: [
            ([], [], true), (["Berlin"], [], true), (["Rome", "Berlin"], [], true), (["Rome"], [], false),
            (["^Berlin"], [], false), ([], ["Berlin"], false), ([], ["Rome"], true), (["2024"], ["Munich"], false),
        ]
    )
    func names(include: [String], exclude: [String], isAdmitted: Bool) throws {
        #expect(try filter(include, exclude).admits(Campaign(id: "c", name: Self.name)) == isAdmitted)
        #expect(try filter(include, exclude).admits(Campaign(id: "c")), "a campaign without a name is collected")
    }

    @Test("A status that is not admitted keeps a campaign out, an unknown one does not")
    func statuses() {
        var selection = CampaignSelection()
        selection.statuses = [.active]
        let filter = CampaignFilter(selection, of: Self.account, in: Self.context())
        #expect(filter.admits(Campaign(id: "c", status: .active)) && filter.admits(Campaign(id: "c")))
        #expect(!filter.admits(Campaign(id: "c", status: .paused)))
    }

    @Test(
        "What cannot be decided is collected, unless something else decides",
        arguments: [
            ([nested], [], true), ([], [nested], true), ([nested], [nested], true), ([], [nested, "Berlin"], false),
        ]
    )
    func undecided(include: [String], exclude: [String], isAdmitted: Bool) throws {
        #expect(try filter(include, exclude).admits(Campaign(id: "c", name: Self.name)) == isAdmitted)
    }

    @Test("One warning names the account and each expression that reaches its limit, as the file has it")
    func warning() throws {
        let events = EventLog()
        var selection = CampaignSelection()
        selection.include = [try RegularExpression(Self.nested, description: "\"${NESTED}\"")]
        selection.exclude = [try RegularExpression("([\\w ]+)+$"), try RegularExpression("Rome")]
        let filter = CampaignFilter(selection, of: Self.account, in: Self.context { events.append($0) })
        for number in 0..<3 { #expect(filter.admits(Campaign(id: "\(number)", name: Self.name))) }
        #expect(events.kinds == [.expressionUndecided("\"${NESTED}\""), .expressionUndecided("([\\w ]+)+$")])
    }

    @Test("A campaign whose id is too long is left out alone", arguments: [256, 257])
    func longIdentifiers(_ length: Int) {
        let rows = ["short", String(repeating: "x", count: length)].map { ListedCampaign(Campaign(id: $0)) }
        let selection = ListingSelection(rows, limit: 10, isKnown: { _ in false }, selects: { _ in true })
        #expect(selection.kept.count == (length == 256 ? 2 : 1))
        #expect(selection.unidentifiable == (length == 256 ? 0 : 1))
    }

    private static let account = Account(provider: "instantly", name: "acme")

    private static func context(_ observe: @escaping @Sendable (CollectionEvent) -> Void = { _ in })
        -> CollectionContext
    {
        CollectionContext(clock: TestClock(), jitter: .seeded(1), totalRequests: 1, archive: nil, observe: observe)
    }

    private func filter(_ include: [String], _ exclude: [String]) throws -> CampaignFilter {
        var selection = CampaignSelection()
        selection.include = try include.map { try RegularExpression($0) }
        selection.exclude = try exclude.map { try RegularExpression($0) }
        return CampaignFilter(selection, of: Self.account, in: Self.context())
    }
}
