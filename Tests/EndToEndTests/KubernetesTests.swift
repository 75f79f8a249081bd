// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import HTTPServer
import Synchronization
import Testing

/// The program under a supervisor that does what the kubelet does: probes, volumes that change, SIGTERM, a new pod.
@Suite(.startsPrograms, .timeLimit(.minutes(30))) struct KubernetesTests {
    private static let sent = "outreach_campaign_messages_sent_total"
    private static let campaigns = #"{"success":true,"data":[{"_id":"c","name":"C","status":"active"}]}"#
    private static let analytics = #"{"success":true,"data":{"campaign":{"id":"c"},"stats":{"sent":150}}}"#

    @Test("a pod becomes ready, takes over a new secret and a new configuration, and hands its storage to the next pod")
    func pod() async throws {
        let directory = try TemporaryDirectory()
        let accepted = Mutex<Set<String>>(["sk_one"])
        try await withServer({ request in
            guard accepted.withLock({ $0.contains(request.header("x-api-key") ?? "") }) else {
                return .text(#"{"message":"Invalid API key"}"#, status: 401)
            }
            return .text(request.path.hasSuffix("/analytics") ? Self.analytics : Self.campaigns)
        }) { url in
            let keys = try Volume("keys", in: directory, ["key": "sk_one"])
            let config = try Volume("config", in: directory, ["config.yml": Self.configuration(["a"], url, keys)])
            let flags = ["--config.file=\(config.path)/config.yml", "--storage.path=\(directory.path)/storage"]
            let first = try await ExporterProcess.start(flags)
            try await Self.probe(first)
            _ = try await first.page { $0.value("outreach_account_up", "a") == 1 }

            // The provider takes both keys for a while, as whoever rotates them sees to.
            accepted.withLock { _ = $0.insert("sk_two") }
            try keys.replace(["key": "sk_two"])
            _ = try #require(await first.program.line { $0.contains(#"msg="another API key is used""#) })
            accepted.withLock { $0 = ["sk_two"] }
            try config.replace(["config.yml": Self.configuration(["a", "b"], url, keys)])
            #expect(try await first.send("POST", "/-/reload").status == 200)
            let before = try await first.page { $0.value("outreach_account_up", "b") == 1 }
            #expect(before.value("outreach_account_up", "a") == 1)
            #expect(before.value("outreach_collection_failures_total", "a") == 0)
            #expect(try await first.get("/-/healthy").status == 200)

            // The next pod starts while the provider answers nobody.
            await first.expectStop()
            accepted.withLock { $0 = [] }
            let second = try await ExporterProcess.start(flags)
            try await Self.probe(second)
            // What was stored may follow the state of its account.
            let after = try await second.page {
                $0.value("outreach_account_up", "a") == 0 && !$0.data(of: "a").isEmpty
            }
            #expect(before.data(of: "a").contains { $0.key.hasPrefix(Self.sent) && $0.value == "150" })
            #expect(after.data(of: "a") == before.data(of: "a"))
            await second.expectStop()
        }
    }

    /// Both probes pass, the readiness probe when every account was asked.
    private static func probe(_ exporter: ExporterProcess) async throws {
        #expect(try await exporter.get("/-/healthy").status == 200)
        try await exporter.ready()
        #expect(try await exporter.get("/-/ready").status == 200)
    }

    private static func configuration(_ names: [String], _ url: String, _ keys: Volume) -> String {
        "accounts:\n"
            + names.map { name in
                "  - {name: \(name), provider: sendkit, api_key_file: '\(keys.path)/key', base_url: '\(url)', "
                    + "interval: 1s, max_staleness: 10m, mailboxes: false}\n"
            }
            .joined()
    }
}

/// A volume of a secret or a ConfigMap: links to files in `..data`, which is itself a link that is replaced at once.
private struct Volume {
    /// Where it is mounted.
    let path: String

    init(_ name: String, in directory: TemporaryDirectory, _ files: [String: String]) throws {
        path = "\(directory.path)/\(name)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try replace(files)
        for file in files.keys {
            try FileManager.default.createSymbolicLink(atPath: "\(path)/\(file)", withDestinationPath: "..data/\(file)")
        }
    }

    /// Puts other content in the place of the files, all at the same moment.
    func replace(_ files: [String: String]) throws {
        let version = "..\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: "\(path)/\(version)", withIntermediateDirectories: false)
        for (name, content) in files {
            let file = "\(path)/\(version)/\(name)"
            try content.write(toFile: file, atomically: false, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o440], ofItemAtPath: file)
        }
        try FileManager.default.createSymbolicLink(atPath: "\(path)/..data_tmp", withDestinationPath: version)
        guard rename("\(path)/..data_tmp", "\(path)/..data") == 0 else { throw CocoaError(.fileWriteUnknown) }
    }
}
