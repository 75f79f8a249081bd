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
        #expect(throws: SelectionError(known: 3)) { try AccountSelection(query, among: known) }
        #expect(SelectionError(known: 3).response.status == 404)
    }
}
