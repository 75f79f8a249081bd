// SPDX-License-Identifier: Apache-2.0

import Foundation
import Outreach
import Providers
import Testing

@testable import OutreachExporter

/// `docs/configuration.md` against what the program knows.
@Suite struct SettingsDocumentTests {
    private let document: String

    init() throws {
        let repository = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        document = try String(contentsOf: repository.appending(path: "docs/configuration.md"), encoding: .utf8)
    }

    @Test("Every key has its row")
    func keys() {
        let rows =
            SettingsKeys.Collection.allCases.map(\.rawValue) + SettingsKeys.Storage.allCases.map(\.rawValue)
            + SettingsKeys.Limits.allCases.map(\.rawValue) + SettingsKeys.Account.allCases.map(\.rawValue)
            + SettingsKeys.Campaigns.allCases.map(\.rawValue)
        for key in rows {
            #expect(document.contains("\n| `\(key)` |"), "no row for \(key)")
        }
        for key in SettingsKeys.Root.allCases {
            #expect(document.contains("\n### `\(key.rawValue)`\n"), "no section for \(key.rawValue)")
        }
        for status in CampaignStatus.allCases {
            #expect(document.contains("`\(status.rawValue)`"), "no mention of \(status.rawValue)")
        }
    }

    @Test("Every flag has its row, with its default and its commands", arguments: FlagGroup.allCases)
    func flags(group: FlagGroup) throws {
        for flag in group.flags {
            let start = "| \(flag.short.map { "`-\($0)`, " } ?? "")`--\(flag.name)` |"
            let row = try #require(
                document.split(separator: "\n").first { $0.hasPrefix(start) },
                "no row for \(flag.name)"
            )
            let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            let commands = group.commands.count == Command.allCases.count ? ["all"] : group.commands.map(\.rawValue)
            #expect(cells[2] == commands.joined(separator: ", "))
            #expect(flag.standard.map { cells[1] == "`\($0)`" } ?? true, "another default: \(row)")
        }
    }

    @Test(
        "Every provider has its variable, its address, its rate and its options",
        arguments: providerKinds.map { $0.name }
    )
    func providers(name: String) throws {
        let kind = try #require(providerKinds.first { $0.name == name })
        let url = kind.baseURL ?? kind.baseURLVariable
        #expect(document.contains("`\(kind.keyVariable)`") && document.contains("`\(url)`"))
        let rate = kind.requestsPerSecond
        let text = rate == rate.rounded() ? "\(Int(rate))" : "\(rate)"
        #expect(document.contains("\(kind.name) `\(text)`"))
        for option in kind.options {
            #expect(document.contains("\n| `\(kind.name)` | `\(option.name)` |"), "no row for \(option.name)")
        }
    }

    @Test("The examples are settings without a fault")
    func examples() throws {
        let blocks = document.components(separatedBy: "```yaml\n").dropFirst()
            .compactMap { $0.components(separatedBy: "```").first }
        #expect(blocks.count == 2)
        for block in blocks {
            let text = block.replacing("api_key_file: /run/secrets/instantly", with: "api_key: k")
            let environment = ["INSTANTLY_API_KEY": "k", "LEMLIST_API_KEY": "k"]
            _ = try Settings(Array(text.utf8), of: "config.yml", environment: environment, kinds: providerKinds)
        }
    }

    @Test("The example of errors is what the program says")
    func errors() {
        let text = """
            collection:
              interval: 5 minutes
            accounts:
              - name: acme
                provider: instantley
                api_key: ${INSTANTLY_API_KEY}
                max-staleness: 1h
            """
        let error = #expect(throws: SettingsError.self) {
            try Settings(Array(text.utf8), of: "config.yml", environment: [:], kinds: providerKinds)
        }
        #expect(document.contains("```\n\(error?.description ?? "")\n```"))
    }
}
