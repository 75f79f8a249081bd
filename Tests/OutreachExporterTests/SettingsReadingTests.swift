// SPDX-License-Identifier: Apache-2.0

import Collection
import Foundation
import HTTPClient
import Outreach
import Providers
import RegularExpressions
import Testing

@testable import OutreachExporter

@Suite struct SettingsReadingTests {
    @Test("Every key is read")
    func everything() throws {
        let read = try settings(
            """
            collection:
              interval: 10m
              max_staleness: 1h
              user_agent: default/1
            storage:
              path: /var/lib/outreach-exporter
            limits:
              series_per_account: 20000
              label_value_length: 200
            accounts:
              - name: Acme GmbH – EU
                provider: alpha
                api_key: ${KEY}
                base_url: https://proxy.example:8443/alpha
                interval: 1m
                max_staleness: 4m
                requests_per_second: 2.5
                concurrency: 3
                timeout: 10s
                user_agent: Mozilla/5.0 (compatible; ${KEY})
                proxy_url: http://user:${KEY}@proxy:3128
                start_date: 2024-02-29
                campaigns:
                  include: ["^Q[1-4] "]
                  exclude: ["(?i)test"]
                  statuses: [active, paused, active]
                  limit: 5000
                steps: false
                mailboxes: false
                domains: false
                alpha: { events: true, workspace: w1, ab_selected: B, channels: [email] }
            """,
            environment: ["KEY": "secret"]
        )
        var account = ConfiguredAccount("Acme GmbH – EU", of: StubAlpha.self, key: Secret("secret"))
        account.settings.baseURL = "https://proxy.example:8443/alpha"
        account.settings.timeout = .seconds(10)
        account.settings.userAgent = "Mozilla/5.0 (compatible; secret)"
        account.settings.proxyURL = Secret("http://user:secret@proxy:3128")
        account.settings.startDate = "2024-02-29"
        account.settings.steps = false
        account.settings.mailboxes = false
        account.settings.domains = false
        account.settings.options = [
            "events": .flag(true), "workspace": .text("w1"), "ab_selected": .text("B"), "channels": .list(["email"]),
        ]
        account.settings.interval = .seconds(60)
        account.settings.maxStaleness = .seconds(240)
        account.settings.requestsPerSecond = 2.5
        account.settings.maximumRequestsPerSecond = 2.5
        account.settings.concurrency = 3
        account.settings.campaigns.include = [try RegularExpression("^Q[1-4] ")]
        account.settings.campaigns.exclude = [try RegularExpression("(?i)test")]
        account.settings.campaigns.statuses = [.active, .paused]
        account.settings.campaigns.limit = 5000
        let limits = ReportLimits(series: 20_000, labelValueLength: 200)
        #expect(read == Settings(accounts: [account], storagePath: "/var/lib/outreach-exporter", limits: limits))
    }

    @Test("The user agent of an account is its own, else that of the collection, else none")
    func userAgent() throws {
        let accounts = """
            accounts:
              - { name: a, provider: beta, api_key: k, user_agent: own/1 }
              - { name: b, provider: beta, api_key: k }
            """
        let longest = String(repeating: "x", count: 256)
        let all = try settings("collection: { user_agent: \(longest) }\n" + accounts).accounts
        #expect(all.map(\.settings.userAgent) == ["own/1", longest])
        #expect(try settings(accounts).accounts.map(\.settings.userAgent) == ["own/1", nil])
        #expect(complaints("collection: { user_agent: x\(longest) }\n" + accounts).count == 1)
    }

    @Test("What is left out has its default")
    func defaults() throws {
        let read = try settings("accounts: [{ name: acme, provider: beta, api_key: k }]")
        let account = try #require(read.accounts.first)
        #expect(read.storagePath == nil && read.limits == ReportLimits())
        #expect(
            account.settings
                == AccountSettings(
                    account: Account(provider: "beta", name: "acme"),
                    key: Secret("k"),
                    baseURL: "https://api.beta.example",
                    requestsPerSecond: 5
                )
        )
        #expect(account.settings.interval == .seconds(300) && account.settings.maxStaleness == .seconds(900))
        #expect(account.settings.requestsPerSecond == 5 && account.settings.concurrency == 4)
        #expect(account.settings.campaigns == CampaignSelection())
    }

    @Test("A key without a value and a limit of 0 are the default")
    func empty() throws {
        let read = try settings(
            """
            collection:
            storage: { path: "" }
            limits: { series_per_account: 0, label_value_length: ~ }
            accounts:
              - name: acme
                provider: alpha
                api_key: k
                interval:
                campaigns: { include: [], statuses: [], limit: }
                alpha: { events: , workspace: "", channels: [] }
              - { name: globex, provider: beta, api_key: k, beta: }
            """
        )
        #expect(
            read
                == (try settings(
                    """
                    accounts:
                      - { name: acme, provider: alpha, api_key: k }
                      - { name: globex, provider: beta, api_key: k }
                    """
                ))
        )
    }

    @Test(
        "Data lives three of the account's intervals unless something else is said",
        arguments: [
            ("", "", 300, 900), ("interval: 10m", "", 600, 1800), ("", "interval: 1h", 3600, 10800),
            ("max_staleness: 20m", "", 300, 1200), ("max_staleness: 2h", "interval: 1h", 3600, 7200),
            ("interval: 10m", "max_staleness: 15m", 600, 900), ("max_staleness: 20m", "max_staleness: 1h", 300, 3600),
        ]
    )
    func staleness(collection: String, account: String, interval: Int, maxStaleness: Int) throws {
        let read = try settings(
            "collection:\n  \(collection)\naccounts:\n  - name: a\n    provider: alpha\n    api_key: k\n    \(account)\n"
        ).accounts[0].settings
        #expect(read.interval == .seconds(interval) && read.maxStaleness == .seconds(maxStaleness))
    }

    @Test("Campaigns have a limit unless 0 says that they have none")
    func campaignLimit() throws {
        let account = "accounts: [{ name: a, provider: alpha, api_key: k, campaigns: "
        #expect(try settings(account + "{} }]").accounts[0].settings.campaigns.limit == 5000)
        #expect(try settings(account + "{ limit: 7 } }]").accounts[0].settings.campaigns.limit == 7)
        #expect(try settings(account + "{ limit: 0 } }]").accounts[0].settings.campaigns.limit == .max)
    }

    @Test("Paths in the file start from its folder")
    func paths() throws {
        let text = "storage: { path: data }\naccounts: [{ name: a, provider: alpha, api_key: k }]"
        #expect(try settings(text, file: "/etc/exporter/config.yml").storagePath == "/etc/exporter/data")
        #expect(try settings(text, file: "etc/config.yml").storagePath == "etc/data")
        #expect(try settings(text, file: "config.yml").storagePath == "data")
    }

    @Test("Accounts share filters through an anchor")
    func anchors() throws {
        let read = try settings(
            """
            accounts:
              - { name: a, provider: alpha, api_key: k, campaigns: &live { statuses: [active] } }
              - { name: b, provider: beta, api_key: k, campaigns: *live }
            """
        )
        #expect(read.accounts.map(\.settings.campaigns.statuses) == [[.active], [.active]])
    }

    @Test("A reload applies every setting, or names the key that needs a restart")
    func restart() throws {
        let account = "accounts: [{ name: a, provider: alpha, api_key: k }]\n"
        let running = try settings("storage: { path: old }\n" + account)
        let applied =
            "storage: { path: old }\nlimits: { series_per_account: 7 }\n"
            + account.replacing("name: a", with: "name: b")
        #expect(try settings(applied).changesNeedingRestart(from: running) == [])
        #expect(
            try settings("storage: { path: new }\n" + account).changesNeedingRestart(from: running) == ["storage.path"]
        )
        #expect(try settings(account).changesNeedingRestart(from: running) == ["storage.path"])
        let decided = ["accounts", "limits", "otherAccounts", "storagePath"]
        #expect(
            Mirror(reflecting: running).children.compactMap(\.label).sorted() == decided,
            "add it to one of the two"
        )
    }

    @Test("An account trusts the authorities of a file, which must hold a certificate")
    func authorities() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/outreach-ca-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data("-----BEGIN CERTIFICATE-----\n".utf8).write(to: URL(filePath: folder + "/ca.pem"))
        try Data("nothing".utf8).write(to: URL(filePath: folder + "/no.pem"))
        func account(_ file: String) -> String {
            "accounts: [{ name: a, provider: beta, api_key: k, ca_file: \(file) }]"
        }
        let read = try settings(account("ca.pem"), file: folder + "/c.yml")
        #expect(read.accounts.first?.settings.caFile == folder + "/ca.pem")
        let wrong = complaints(account("no.pem"), file: folder + "/c.yml")
        #expect(wrong.count == 1 && wrong[0].contains("ca_file: the file holds no certificate in PEM form"))
        let missing = complaints(account("/gone.pem"), file: folder + "/c.yml")
        #expect(missing.count == 1 && missing[0].contains("cannot read /gone.pem: No such file or directory"))
    }

    @Test("An account has a client, labels, each once, and a cost in a currency; without them it has none")
    func attribution() throws {
        let keys = "client: Émile & Co, labels: [emea, b2b, emea], cost_per_month: 97.50, currency: EUR"
        let read = try settings(
            "accounts: [{ name: a, provider: beta, api_key: k, \(keys) }, { name: b, provider: beta, api_key: l }]"
        )
        var expected = AccountAttribution()
        expected.client = "Émile & Co"
        expected.labels = ["b2b", "emea"]
        expected.monthlyCost = MonthlyCost(97.5, currency: "EUR")
        #expect(read.accounts.map(\.settings.attribution) == [expected, AccountAttribution()])
    }

    @Test("What is no proxy is an error that does not show it", arguments: ["proxy:3128", "ftp://s3cr3t@p", "http://"])
    func proxies(_ url: String) throws {
        let found = complaints("accounts: [{ name: a, provider: beta, api_key: k, proxy_url: '\(url)' }]")
        #expect(found.count == 1 && found[0].contains("write the URL of a proxy") && !found[0].contains("s3cr3t"))
    }

    @Test("SSL_CERT_FILE names the authorities of all accounts without their own")
    func environment() async {
        await #expect(processExitsWith: .success) {
            setenv("SSL_CERT_FILE", "", 1)
            #expect(CurlSettings.outbound().authorities == nil)
            setenv("SSL_CERT_FILE", "/etc/own.pem", 1)
            #expect(CurlSettings.outbound().authorities == "/etc/own.pem")
        }
    }
}
