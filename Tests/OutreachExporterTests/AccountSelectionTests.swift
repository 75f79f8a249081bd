// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Outreach
import Testing

@testable import OutreachExporter

@Suite struct AccountSelectionTests {
    private let known = [
        Account(provider: "instantly", name: "a"), Account(provider: "instantly", name: "b"),
        Account(provider: "lemlist", name: "c"),
    ]

    /// Queries and what they select; `nil` for everything.
    static let queries: [(query: [(name: String, value: String)], accounts: Set<String>?, includesSelf: Bool)] = [
        ([], nil, false),
        ([("format", "text")], nil, false),
        ([("self", "0")], nil, false),
        ([("self", "1")], [], true),
        ([("account", "a")], ["a"], false),
        ([("account", "a"), ("account", "c"), ("account", "a")], ["a", "c"], false),
        ([("provider", "instantly")], ["a", "b"], false),
        ([("provider", "instantly"), ("provider", "lemlist")], ["a", "b", "c"], false),
        ([("provider", "instantly"), ("account", "c"), ("account", "b"), ("self", "1")], ["b"], true),
    ]

    @Test("A query selects the accounts that its names and providers have in common", arguments: queries)
    func selection(query: [(name: String, value: String)], accounts: Set<String>?, includesSelf: Bool) throws {
        let selection = try AccountSelection(query, among: known)
        #expect(selection?.accounts == accounts)
        #expect(selection?.includesSelf ?? false == includesSelf)
    }

    static let unknown: [[(name: String, value: String)]] = [
        [("account", "x")], [("account", "a"), ("account", "x")], [("account", "")], [("provider", "x")],
        [("provider", "lemlist"), ("account", "a")],
    ]

    @Test("What does not exist is an error with the number of accounts, and not an empty page", arguments: unknown)
    func errors(query: [(name: String, value: String)]) {
        #expect(throws: SelectionError.unknown(among: 3)) { try AccountSelection(query, among: known) }
        #expect(SelectionError.unknown(among: 3).response.status == 404)
    }

    @Test("Who sees some accounts only has these selected without a query, and never the exporter's own metrics")
    func someAccounts() throws {
        let seen = Array(known.prefix(2))
        for query in [[], [("self", "0")], [("format", "text")], [("provider", "instantly")]] as [[(String, String)]] {
            let selection = try AccountSelection(query, among: seen, isEverything: false)
            #expect(selection?.accounts == ["a", "b"] && selection?.includesSelf == false)
        }
        #expect(try AccountSelection([], among: [], isEverything: false)?.accounts == [])
        for query in [[("account", "c")], [("account", "x")], [("provider", "lemlist")], [("provider", "x")]] {
            #expect(throws: SelectionError.unknown(among: 2)) {
                try AccountSelection(query, among: seen, isEverything: false)
            }
        }
        for query in [[("self", "1")], [("self", "1"), ("account", "a")], [("account", "c"), ("self", "1")]] {
            #expect(throws: SelectionError.ownMetrics) { try AccountSelection(query, among: seen, isEverything: false) }
        }
        #expect(SelectionError.ownMetrics.response.status == 403)
    }
}
