// SPDX-License-Identifier: Apache-2.0

import Collection
import Foundation
import Outreach
import Providers
import Testing

@testable import OutreachExporter

@Suite struct APIKeyTests {
    private static let account = "accounts:\n  - name: acme\n    provider: alpha\n    "

    @Test(
        "A key file is read without its last line break",
        arguments: [("k-1", "k-1"), ("k-1\n", "k-1"), ("k-1\r\n", "k-1"), ("k-1\n\n", "k-1")]
    )
    func file(content: String, key: String) throws {
        try withFolder { folder in
            try content.write(to: folder.appending(path: "key"), atomically: true, encoding: .utf8)
            let read = try settings(Self.account + "api_key_file: key", file: folder.appending(path: "c.yml").path)
            #expect(read.accounts.first?.settings.key == Secret(key))
        }
    }

    @Test(
        "A key file without a key says why, and never what it holds",
        arguments: [
            ("", "KEY is empty"), ("\n", "KEY is empty"), ("k-1\n\n2", "KEY contains white space or"),
            ("k 1", "KEY contains white space or"), ("k\u{0}1", "KEY contains white space or"),
            ("k-1é", "KEY contains a character that no key has: copy it again"),
            ("\"k-1\"", "KEY is in quotes"), ("Bearer k-1\n", "KEY begins with Bearer: write the key alone"),
            ("${KEY}\n", "KEY is a variable that was not replaced"),
            (String(repeating: "k", count: 65_537), "cannot read PATH: larger than 65536 bytes"),
        ]
    )
    func badFile(content: String, reason: String) throws {
        try withFolder { folder in
            let path = folder.appending(path: "key").path
            try content.write(toFile: path, atomically: true, encoding: .utf8)
            let found = complaints(Self.account + "api_key_file: \(path)", file: "f")
            let expected = reason.replacing("KEY", with: "the key of the account \"acme\" in PATH")
                .replacing("PATH", with: path)
            #expect(found.count == 1)
            #expect(found.first?.hasPrefix("f:4:19: api_key_file: \(expected)") == true, "\(found)")
            #expect(found.first?.contains("k-1") == false)
        }
    }

    @Test(
        "knows the files that hold keys, the configuration among them",
        arguments: [
            ("api_key: k-1", ["etc/c.yml"]), ("api_key: ${KEY}", []), ("api_key: k${KEY}", []),
        ]
    )
    func keyFiles(key: String, files: [String]) throws {
        #expect(try settings(Self.account + key, file: "etc/c.yml", environment: ["KEY": "k-1"]).keyFiles == files)
        try withFolder { folder in
            let path = folder.appending(path: "key").path
            try Data("k-1".utf8).write(to: URL(filePath: path))
            let other = "\n  - { name: other, provider: alpha, api_key_file: \(path) }"
            let all = try settings(
                Self.account + key + other + other.replacing("other", with: "third"),
                file: "etc/c.yml",
                environment: ["KEY": "k-1"]
            )
            #expect(all.keyFiles == [path] + files)
        }
    }

    @Test("A key file that cannot be read says why")
    func noFile() throws {
        try withFolder { folder in
            let path = folder.path
            #expect(
                complaints(Self.account + "api_key_file: \(path)", file: "f")
                    == ["f:4:19: api_key_file: cannot read \(path): Is a directory"]
            )
            #expect(
                complaints(Self.account + "api_key_file: \(path)/no", file: "f")
                    == ["f:4:19: api_key_file: cannot read \(path)/no: No such file or directory"]
            )
            #expect(
                complaints(Self.account + "api_key_file: ${P}", file: "f", environment: ["P": path])
                    == ["f:4:19: api_key_file: cannot read the file: Is a directory"]
            )
        }
    }

    @Test(
        "A key that is missing says what to do",
        arguments: [
            ("api_key: [k]", "f:4:14: api_key: write one value here, not a list or mapping"),
            ("steps: true", "f:2:5: api_key is missing: set api_key or api_key_file"),
            ("api_key:", "f:2:5: api_key is missing: set api_key or api_key_file"),
        ]
    )
    func missing(line: String, expected: String) {
        #expect(complaints(Self.account + line, file: "f") == [expected])
    }

    /// Texts that are no key, and what is said about them.
    static let mistakes = [
        ("", "is empty"),
        ("\"sk-Zq7\"", "is in quotes, which are part of its value here: remove them"), ("'sk-Zq7'", "is in quotes"),
        ("\"Bearer sk-Zq7\"", "is in quotes"),
        ("sk-Zq7\"", "is in quotes"),
        ("Bearer sk-Zq7", "begins with Bearer: write the key alone"), ("bearer sk-Zq7", "begins with Bearer"),
        ("Basic sk-Zq7", "begins with Basic"),
        ("sk Zq7", "contains white space or a control character: copy it again"),
        (" sk-Zq7", "contains white space"), ("sk-Zq7\t", "contains white space"),
        ("sk\u{A0}-Zq7", "contains white space"),
        ("sk-Zq7\nX-Other: 1", "contains white space"), ("sk-Zq7\u{0}", "contains white space"),
        ("sk-Zq7\u{7F}", "contains white space"),
        ("sk-Zq7…", "contains a character that no key has"),
        ("$Zq7", "is a variable that was not replaced: write ${NAME}"), ("${Zq7}", "is a variable"),
        ("${Zq7:-none}", "is a variable"),
    ]

    @Test(
        "A key that cannot be right says whose it is, where, and what to do, and never what it is",
        arguments: mistakes
    )
    func mistake(text: String, expected: String) throws {
        let account = "f:4:14: api_key: the key of the account \"acme\" \(expected)"
        let escaped = text.replacing("\"", with: "\\\"").replacing("\n", with: "\\n").replacing("\t", with: "\\t")
            .replacing("\u{0}", with: "\\0").replacing("\u{7F}", with: "\\x7F").replacing("${", with: "$${")
        let inline = complaints(Self.account + "api_key: \"\(escaped)\"", file: "f")
        let variable = complaints(Self.account + "api_key: ${BAD}", file: "f", environment: ["BAD": text])
        for found in [inline, variable] {
            #expect(found.count == 1)
            #expect(found.first?.hasPrefix(account) == true, "\(found)")
            #expect(found.first?.contains("Zq7") == false)
        }
        guard !text.isEmpty else { return }
        let error = #expect(throws: SettingsError.self) {
            try Settings(environment: ["ALPHA_API_KEY": text], kinds: [StubAlpha.self])
        }
        let description = error?.description ?? ""
        #expect(description.hasPrefix("the key in the environment variable ALPHA_API_KEY \(expected)"))
        #expect(!description.contains("Zq7"))
    }

    @Test(
        "A key with quotes, dollars or words inside is a key",
        arguments: ["sk-\"7", "sk$7", "Bearer-7", "$7", "a$$$b"]
    )
    func unusual(text: String) throws {
        #expect(try Secret(key: text) == Secret(text))
    }

    @Test(
        "What editors and shells add to the line of a key is no part of it",
        arguments: ["sk\n", "sk\r\n", "sk\n\n", "\u{FEFF}sk"]
    )
    func line(text: String) throws {
        let variable = try Settings(environment: ["ALPHA_API_KEY": text], kinds: [StubAlpha.self])
        #expect(variable.accounts.first?.settings.key == Secret("sk"))
        #expect(complaints(Self.account + "api_key: ${K}", file: "f", environment: ["K": text]) == [])
        try withFolder { folder in
            let config = folder.appending(path: "c.yml")
            try (Self.account + "api_key_file: key").write(to: config, atomically: true, encoding: .utf8)
            try text.write(to: folder.appending(path: "key"), atomically: true, encoding: .utf8)
            let file = try Settings.load(file: config.path, environment: [:], kinds: [StubAlpha.self])
            #expect(file.accounts.first?.settings.key == Secret("sk"))
        }
    }

    @Test("Each key in the environment is an account named after its provider")
    func environment() throws {
        let kinds: [any ProviderKind.Type] = [StubAlpha.self, StubBeta.self]
        let both = try Settings(environment: ["ALPHA_API_KEY": "a", "BETA_API_KEY": "b"], kinds: kinds)
        #expect(
            both.accounts == [
                ConfiguredAccount("alpha", of: StubAlpha.self, key: Secret("a")),
                ConfiguredAccount("beta", of: StubBeta.self, key: Secret("b")),
            ]
        )
        let one = try Settings(environment: ["ALPHA_API_KEY": "", "BETA_API_KEY": "b"], kinds: kinds)
        #expect(one.accounts.map(\.name) == ["beta"])
        #expect(throws: SettingsError.unusableKeys(["ALPHA_API_KEY": .whiteSpace])) {
            try Settings(environment: ["ALPHA_API_KEY": "a b", "BETA_API_KEY": "b"], kinds: kinds)
        }
    }

    @Test("Without a file and without a key the error says what to do")
    func nothing() {
        let error = #expect(throws: SettingsError.self) {
            try Settings.load(file: nil, environment: [:], kinds: [StubAlpha.self, StubBeta.self])
        }
        #expect(
            error?.description == """
                there is no account to collect; start one of these:
                  outreach-exporter demo                        no key, no network: look around first
                  ALPHA_API_KEY=… outreach-exporter             one account for each of ALPHA_API_KEY, BETA_API_KEY
                  outreach-exporter --config.file=config.yml    any number of accounts: docs/configuration.md
                """
        )
    }

    @Test("A configuration file that cannot be read says why")
    func unreadable() throws {
        try withFolder { folder in
            let error = #expect(throws: SettingsError.self) {
                try Settings.load(file: folder.path, environment: [:], kinds: [])
            }
            #expect(error?.description == "cannot read \(folder.path): Is a directory")
        }
    }

    @Test("Reading again sees what changed")
    func reload() throws {
        try withFolder { folder in
            let config = folder.appending(path: "c.yml")
            try (Self.account + "api_key_file: key").write(to: config, atomically: true, encoding: .utf8)
            for key in ["old", "new"] {
                try key.write(to: folder.appending(path: "key"), atomically: true, encoding: .utf8)
                let read = try Settings.load(file: config.path, environment: [:], kinds: [StubAlpha.self])
                #expect(read.accounts.first?.settings.key == Secret(key))
            }
        }
    }
}
