// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import HTTPServer
import Testing

/// The keys of the accounts, which nobody may read anywhere; `FaultTests` looks for them after every fault too.
@Suite(.startsPrograms, .timeLimit(.minutes(30))) struct SecretTests {
    @Test(
        "a provider that repeats the key in its answers does not get it into the log",
        arguments: [400, 401, 429, 500, 200, 302]
    )
    func echo(status: Int) async throws {
        try await withServer({ request in
            let query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
            let credentials = (["authorization", "x-api-key"].compactMap { request.header($0) } + [query])
                .joined(separator: " ")
            let decoded = request.header("authorization")?.split(separator: " ").last
                .flatMap { Data(base64Encoded: String($0)) }.map { String(decoding: $0, as: UTF8.self) }
            let words = "no user for \(credentials) key=\(credentials). (\(decoded ?? ""))"
            let location: [(name: String, value: String)] =
                status == 302 ? [("Location", "http://elsewhere.example\(request.path)?\(query)")] : []
            return .text(words + #" {"message": "\#(words)"}"#, status: status, headers: location)
        }) { url in
            let directory = try TemporaryDirectory()
            let secrets = try Secrets(in: directory)
            let accounts = FaultScenario.providers.map {
                "{name: \($0), provider: \($0), \(secrets.setting(for: $0)), base_url: '\(url)', interval: 1s}"
            }
            let file = try directory.file("config.yml", "accounts: [\(accounts.joined(separator: ", "))]")
            let arguments = ["--config.file=\(file)", "--log.level=debug"]
            let exporter = try await ExporterProcess.start(arguments, environment: secrets.environment)
            _ = try await exporter.page { page in
                FaultScenario.providers.allSatisfy { page.value("outreach_collection_failures_total", $0) ?? 0 > 0 }
            }
            #expect(try await Secrets.leaks(of: exporter) == [])
            let check = try ChildProcess(
                ExporterProcess.path,
                ["check", arguments[0]],
                environment: secrets.environment
            )
            await check.expectEnd(1)
            #expect(check.lines.flatMap { Secrets.leaks(in: $0) } == [])
        }
    }

    @Test("a mistake in the file does not show what variables and keys hold")
    func mistakes() async throws {
        let directory = try TemporaryDirectory()
        let secrets = try Secrets(in: directory)
        let file = try directory.file(
            "config.yml",
            """
            collection: {interval: "${LEMLIST_SECRET}"}
            accounts:
              - {name: "a/${LEMLIST_SECRET}", provider: "${LEMLIST_SECRET}", api_key: [sk_Inline7Zq]}
              - {name: b, provider: instantly, api_key: "sk_Inline7Zq \\n"}
              - {name: b, provider: instantly, api_key: sk_Inline7Zq, base_url: "https://sk_Inline7Zq@host"}
            """
        )
        let check = try ChildProcess(
            ExporterProcess.path,
            ["check", "--config.file=\(file)"],
            environment: secrets.environment
        )
        await check.expectEnd(1)
        #expect(check.lines.count > 4)
        #expect(try Secrets.leaks(inFilesOf: directory.path) != [], "whoever looks for keys finds them where they are")
        #expect(check.lines.filter { !Secrets.leaks(in: $0).isEmpty } == [])
    }
}
