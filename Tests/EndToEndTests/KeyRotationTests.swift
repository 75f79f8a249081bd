// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPServer
import Synchronization
import Testing

/// Keys that are replaced while the program runs.
@Suite(.startsPrograms, .timeLimit(.minutes(30))) struct KeyRotationTests {
    @Test("a key that rotates costs no failed collection, whether the file changes before the provider or after it")
    func rotation() async throws {
        let directory = try TemporaryDirectory()
        let file = try directory.file("key", "sk_one\n")
        let accepted = Mutex<Set<String>>(["sk_one", "sk_two"])
        // At the first request with the second key the provider and the file change to the third.
        try await withServer({ request in
            let key = request.header("x-api-key") ?? ""
            let isAccepted = accepted.withLock { accepted in
                if key == "sk_two", accepted.contains("sk_two"), accepted.count == 1 {
                    accepted = ["sk_three"]
                    try? Data("sk_three\n".utf8).write(to: URL(filePath: file))
                }
                return accepted.contains(key)
            }
            guard isAccepted else { return .text(#"{"message":"Invalid API key"}"#, status: 401) }
            return .text(#"{"success":true,"data":[],"pagination":{"hasMore":false}}"#)
        }) { url in
            let config = try directory.file(
                "config.yml",
                "accounts: [{name: a, provider: sendkit, api_key_file: key, base_url: '\(url)', interval: 1s, "
                    + "mailboxes: false}]"
            )
            let exporter = try await ExporterProcess.start(["--config.file=\(config)"])
            _ = try await exporter.page { $0.value("outreach_account_up", "a") == 1 }
            _ = try directory.file("key", "sk_two\n")
            _ = try #require(await exporter.program.line { $0.contains(#"msg="another API key is used""#) })
            accepted.withLock { $0 = ["sk_two"] }
            let page = try await exporter.page { page in
                accepted.withLock { $0 } == ["sk_three"]
                    && exporter.program.lines.count { $0.contains("another API key is used") } == 2
                    && page.value("outreach_account_up", "a") == 1
            }
            #expect(page.value("outreach_collection_failures_total", "a") == 0)
            #expect(!exporter.program.lines.contains { $0.contains("sk_") })

            try FileManager.default.removeItem(atPath: file)
            let warning = await exporter.program.line { $0.contains("the file of the API key holds none") }
            #expect(warning?.contains("No such file") == true)
            _ = try await exporter.page { $0.value("outreach_collections_total", "a") ?? 0 > 5 }
            #expect(try await exporter.page { _ in true }.value("outreach_account_up", "a") == 1)
        }
    }
}
