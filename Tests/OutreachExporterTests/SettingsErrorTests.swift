// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import OutreachExporter

@Suite struct SettingsErrorTests {
    @Test(
        "An account that is wrong says where, what, and what to do",
        arguments: [
            (
                "interval: 5 minutes",
                #"f:5:15: interval: "5 minutes" is not a duration: write it like 30s, 5m or 1h30m"#
            ),
            ("interval: 5ms", #"f:5:15: interval: "5ms" is not between 1s and 1d"#),
            ("interval: 0s", #"f:5:15: interval: "0s" is not between 1s and 1d"#),
            (
                "interval: 5m\nmax_staleness: 1m",
                "f:6:20: max_staleness: data would be dropped after 1m, before the next collection after 5m: set max_staleness to at least the interval"
            ),
            ("requests_per_second: 0", #"f:5:26: requests_per_second: "0" is not a number above 0, up to 1000"#),
            ("requests_per_second: -1", #"f:5:26: requests_per_second: "-1" is not a number above 0, up to 1000"#),
            ("concurrency: 0", #"f:5:18: concurrency: "0" is not a whole number from 1 to 64"#),
            ("timeout: 0s", #"f:5:14: timeout: "0s" is not between 100ms and 10m"#),
            ("start_date: 2023-02-29", #"f:5:17: start_date: "2023-02-29" is not a day: write it like 2024-01-31"#),
            ("start_date: 31.1.2024", #"f:5:17: start_date: "31.1.2024" is not a day: write it like 2024-01-31"#),
            (
                "user_agent: \"\"",
                #"f:5:17: user_agent: "" cannot be sent as User-Agent: write 1 to 256 bytes without control characters or spaces around"#
            ),
            (
                "user_agent: \"a\\r\\nX-Key: 1\"",
                #"f:5:17: user_agent: "a\u{d}\u{a}X-Key: 1" cannot be sent as User-Agent: write 1 to 256 bytes without control characters or spaces around"#
            ),
            (
                "user_agent: \" a\"",
                #"f:5:17: user_agent: " a" cannot be sent as User-Agent: write 1 to 256 bytes without control characters or spaces around"#
            ),
            (
                "client: \"\"",
                #"f:5:13: client: "" cannot be a label: write 1 to 64 characters, and no more bytes than limits.label_value_length, without control characters or spaces around"#
            ),
            (
                "labels: [\" a\"]",
                #"f:5:14: labels: " a" cannot be a label: write 1 to 64 characters, and no more bytes than limits.label_value_length, without control characters or spaces around"#
            ),
            (
                "labels: [\((1...21).map(String.init).joined(separator: ", "))]",
                "f:5:13: labels: these are 21 labels: write at most 20"
            ),
            ("cost_per_month: 97", "f:5:21: cost_per_month: currency is missing: add it, like EUR"),
            (
                "cost_per_month: 0\ncurrency: EUR",
                #"f:5:21: cost_per_month: "0" is not a number above 0, up to 1000000000"#
            ),
            (
                "cost_per_month: 97\ncurrency: eur",
                #"f:6:15: currency: "eur" is not a currency: write its three capital letters, like EUR"#
            ),
            (
                "currency: EUR",
                "f:5:15: currency: cost_per_month is missing: add it, or remove the currency"
            ),
            ("steps: yes", #"f:5:12: steps: "yes" is not true or false"#),
            ("campaigns: active", "f:5:16: campaigns: write keys and values here: key: value"),
            ("campaigns: { statuses: active }", "f:5:28: statuses: write a list here: [one, another]"),
            ("campaigns: { statuses: [activ] }", #"f:5:29: statuses: "activ" is unknown: did you mean active?"#),
            ("campaigns: { limit: -1 }", #"f:5:25: limit: "-1" is not a whole number from 0 to 1000000000"#),
            (
                "campaigns: { include: [\"(\"] }",
                #"f:5:28: include: "(" is no regular expression: missing closing parenthesis at offset 1; put \ before a character that stands for itself"#
            ),
            (
                "campaigns: { exclude: [ok, \"[a\"] }",
                #"f:5:32: exclude: "[a" is no regular expression: missing terminating ] for character class at offset 2; put \ before a character that stands for itself"#
            ),
            (
                "campaigns: { include: [\"\\bQ1\"] }",
                #"f:5:28: include: "\u{8}Q1" holds a control character: in double quotes YAML reads \b and others itself, so write the expression in single quotes"#
            ),
            (
                "campaigns: { exclude: [\"\\P{Lu}\"] }",
                #"f:5:28: exclude: "\u{2029}{Lu}" holds a control character: in double quotes YAML reads \b and others itself, so write the expression in single quotes"#
            ),
            ("campaigns: { includes: [] }", #"f:5:18: unknown key "includes": did you mean include?"#),
            ("beta: { x: 1 }", "f:5:11: beta: these options belong to Beta, and the account's provider is alpha"),
            (
                "alpha: { x: 1 }",
                #"f:5:14: unknown key "x": known here are events, workspace, ab_selected, channels"#
            ),
            ("alpha: { chanels: [email] }", #"f:5:14: unknown key "chanels": did you mean channels?"#),
            ("alpha: { events: 1 }", #"f:5:22: events: "1" is not true or false"#),
            ("alpha: { workspace: a b }", "f:5:25: workspace: a workspace has no spaces"),
            ("alpha: { ab_selected: C }", #"f:5:27: ab_selected: "C" is unknown: did you mean A?"#),
            ("alpha: { channels: [sms] }", #"f:5:25: channels: "sms" is unknown: write one of email, linkedin"#),
            ("api_key_file: /run/key", "f:5:19: api_key_file: api_key is set as well: keep one of them"),
            ("intervall: 5m", #"f:5:5: unknown key "intervall": did you mean interval?"#),
            ("timeout: 1s\ntimeout: 2s", "f:6:5: duplicate key timeout: it already stands at 5:5"),
        ]
    )
    func account(keys: String, expected: String) {
        #expect(complaints(account: keys) == [expected])
    }

    @Test(
        "A file that is wrong as a whole says so",
        arguments: [
            ("", "f:1:1: accounts is missing"), ("accounts:", "f:1:1: accounts is missing"),
            ("accounts: []", "f:1:11: accounts: list at least one account"),
            ("accounts: acme", "f:1:11: accounts: write a list here: [one, another]"),
            ("accounts: [acme]", "f:1:12: accounts: write keys and values here: key: value"),
            ("- accounts", "f:1:1: the file: write keys and values here: key: value"),
            ("acounts: []", "f:1:1: accounts is missing"),
            ("accounts:\n\t- name: a", "f:2:1: a tab cannot stand here: indent with spaces"),
        ]
    )
    func file(text: String, expected: String) {
        #expect(complaints(text, file: "f").first == expected)
    }

    @Test(
        "A name is unique, not empty, and fit for a label and a file",
        arguments: [
            "\"\"", "\" a\"", "a/b", "../a", ".hidden", "\"a\\nb\"", "\"a\\0\"", "\"\\u3000a\"",
            String(repeating: "x", count: 65),
        ]
    )
    func name(text: String) {
        let found = complaints("accounts: [{ provider: alpha, api_key: k, name: \(text) }]")
        #expect(found.count == 1)
        #expect(found.first?.contains("cannot name an account: write 1 to 64 characters without slashes") == true)
    }

    @Test("A limit of label values leaves room for the exporter's own labels, and names of accounts keep to it")
    func labelValueLength() {
        let account = "accounts: [{ provider: alpha, api_key: k, name: \(String(repeating: "é", count: 40)) }]"
        let short = complaints("limits: { label_value_length: 63 }\n" + account, file: "f")
        #expect(short.first?.contains("or 0 for no limit") == true)
        #expect(short.count == 1)
        let long = complaints("limits: { label_value_length: 79 }\n" + account, file: "f")
        #expect(long.first?.contains("the name takes 80 bytes of UTF-8, more than limits.label_value_length") == true)
        #expect(long.count == 1)
        for fitting in [80, 0] { #expect(complaints("limits: { label_value_length: \(fitting) }\n" + account) == []) }
    }

    @Test("Everything that is wrong is said at once, in the order of the file")
    func together() {
        let found = complaints(
            """
            colection: {}
            collection: { interval: 1h, max_staleness: 30m }
            storage: /var/lib
            limits: { series_per_account: many }
            accounts:
              - name: acme
                provider: alhpa
                interval: soon
              - name: acme
                provider: beta
                api_key: ${MISSING}
                alpha: { events: true }
              - provider: gamma
                api_key: k
            """
        )
        #expect(
            found == [
                #"config.yml:1:1: unknown key "colection": did you mean collection?"#,
                "config.yml:2:44: max_staleness: data would be dropped after 30m, before the next collection after 1h: set max_staleness to at least the interval",
                "config.yml:3:10: storage: write keys and values here: key: value",
                #"config.yml:4:31: series_per_account: "many" is not a whole number from 0 to 1000000000"#,
                "config.yml:6:5: api_key is missing: set api_key or api_key_file",
                #"config.yml:7:15: provider: "alhpa" is unknown: did you mean alpha?"#,
                #"config.yml:8:15: interval: "soon" is not a duration: write it like 30s, 5m or 1h30m"#,
                #"config.yml:9:11: name: "acme" is already the name of the account at 6:11: choose another"#,
                "config.yml:11:14: api_key: the environment variable MISSING is not set: set it, or write $${MISSING} for the text",
                "config.yml:12:12: alpha: these options belong to Alpha, and the account's provider is beta",
                "config.yml:13:5: name is missing",
                #"config.yml:13:15: provider: "gamma" is unknown: write one of alpha, beta"#,
            ]
        )
    }
}
