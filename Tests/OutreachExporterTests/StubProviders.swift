// SPDX-License-Identifier: Apache-2.0

import Collection
import Foundation
import Outreach
import Providers

@testable import OutreachExporter

/// A provider with an option of each kind.
enum StubAlpha: ProviderKind {
    static let name = "alpha"
    static let title = "Alpha"
    static let keyVariable = "ALPHA_API_KEY"
    static let baseURL: String? = "https://api.alpha.example"
    static let requestsPerSecond = 8.0
    static let options = [
        ProviderOption("events", .flag, "A flag."),
        ProviderOption("workspace", .text { $0.contains(" ") ? "a workspace has no spaces" : nil }, "A text."),
        ProviderOption("ab_selected", .choice(["A", "B"]), "A choice."),
        ProviderOption("channels", .list(of: ["email", "linkedin"]), "A list."),
    ]
    static let fields: [FieldSource] = []

    static func source(for account: AccountSettings, in context: ProviderContext) -> any AccountSource {
        StubSource()
    }
}

/// A provider without options.
enum StubBeta: ProviderKind {
    static let name = "beta"
    static let title = "Beta"
    static let keyVariable = "BETA_API_KEY"
    static let baseURL: String? = "https://api.beta.example"
    static let requestsPerSecond = 5.0
    static let options: [ProviderOption] = []
    static let fields: [FieldSource] = []

    static func source(for account: AccountSettings, in context: ProviderContext) -> any AccountSource {
        StubSource()
    }
}

private struct StubSource: AccountSource {
    let detailBatch = 1
    let listingShowsChange = true

    func probe() async -> Probe { Probe() }

    func listing() async throws(APIError) -> SourceResult<[ListedCampaign]> {
        SourceResult([])
    }

    func details(of campaigns: [String]) async throws(APIError) -> SourceResult<[String: Result<Campaign, APIError>]> {
        SourceResult([:])
    }

    func mailboxes() async throws(APIError) -> SourceResult<MailboxGroup> {
        SourceResult(MailboxGroup())
    }
}

/// The settings that a text holds.
func settings(
    _ text: String,
    file: String = "config.yml",
    environment: [String: String] = [:]
) throws(SettingsError) -> Settings {
    try Settings(Array(text.utf8), of: file, environment: environment, kinds: [StubAlpha.self, StubBeta.self])
}

/// What is wrong with a text, a line for each problem.
func complaints(_ text: String, file: String = "config.yml", environment: [String: String] = [:]) -> [String] {
    do throws(SettingsError) {
        _ = try settings(text, file: file, environment: environment)
        return []
    } catch {
        return "\(error)".split(separator: "\n").map { String($0) }
    }
}

/// What is wrong with the keys of one account that is right otherwise; they stand from line 5 on.
func complaints(account keys: String, environment: [String: String] = [:]) -> [String] {
    let lines = keys.split(separator: "\n").map { "    \($0)\n" }.joined()
    let text = "accounts:\n  - name: acme\n    provider: alpha\n    api_key: k\n\(lines)"
    return complaints(text, file: "f", environment: environment)
}

/// A folder that lives as long as the body.
func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "outreach-exporter-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
}
