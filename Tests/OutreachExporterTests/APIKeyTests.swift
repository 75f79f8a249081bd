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
        arguments: [("k-1", "k-1"), ("k-1\n", "k-1"), ("k-1\r\n", "k-1")]
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
            ("", "the file is empty"), ("\n", "the file is empty"),
            ("k-1\n\n", "a key is visible ASCII characters without spaces or line breaks"),
            ("k 1", "a key is visible ASCII characters without spaces or line breaks"),
            ("k\u{0}1", "a key is visible ASCII characters without spaces or line breaks"),
            (String(repeating: "k", count: 65_537), "larger than 65536 bytes"),
        ]
    )
    func badFile(content: String, reason: String) throws {
        try withFolder { folder in
            let path = folder.appending(path: "key").path
            try content.write(toFile: path, atomically: true, encoding: .utf8)
            #expect(
                complaints(Self.account + "api_key_file: \(path)", file: "f")
                    == ["f:4:19: api_key_file: cannot read \(path): \(reason)"]
            )
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
        "A key that cannot be one says why, and never what it is",
        arguments: [
            ("api_key: \"\"", "f:4:14: api_key: the key is empty"),
            ("api_key: ${EMPTY}", "f:4:14: api_key: the key is empty"),
            (
                "api_key: k 1",
                "f:4:14: api_key: this is no key: a key is visible ASCII characters without spaces or line breaks"
            ),
            (
                "api_key: ${BAD}",
                "f:4:14: api_key: this is no key: a key is visible ASCII characters without spaces or line breaks"
            ),
            ("api_key: [k]", "f:4:14: api_key: write one value here, not a list or mapping"),
            ("steps: true", "f:2:5: api_key is missing: set api_key or api_key_file"),
            ("api_key:", "f:2:5: api_key is missing: set api_key or api_key_file"),
        ]
    )
    func inline(line: String, expected: String) {
        let environment = ["EMPTY": "", "BAD": "k\nX-Other: 1"]
        #expect(complaints(Self.account + line, file: "f", environment: environment) == [expected])
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
        #expect(throws: SettingsError.unusableKeys(variables: ["ALPHA_API_KEY"])) {
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
