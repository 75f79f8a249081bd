// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPServer
import Testing

/// The configuration as people get it wrong, and the keys behind it.
@Suite(.startsPrograms, .timeLimit(.minutes(30))) struct CheckTests {
    @Test("check tries every key, prints a table with what to do, and ends with 0 or 1")
    func keys() async throws {
        let simulator = try await SimulatorProcess.start()
        let directory = try TemporaryDirectory()
        let good = FaultScenario.providers.map { simulator.account("good-\($0)", $0, "requests_per_second: 5") }
        let bad = FaultScenario.providers.map { simulator.account("refused-\($0)", $0, "api_key: bad-key") }

        let fine = try ChildProcess(
            ExporterProcess.path,
            ["check", Self.flag(try directory.file("fine.yml", Self.file(good)))]
        )
        await fine.expectEnd(0)
        let head = "ACCOUNT PROVIDER CAMPAIGNS DETAILS MAILBOXES DOMAIN CHECKS"
        #expect(fine.lines.first?.split(separator: " ").joined(separator: " ") == head)
        #expect(fine.lines.count == 1 + FaultScenario.providers.count)
        for (line, provider) in zip(fine.lines.dropFirst(), FaultScenario.providers.sorted()) {
            let cells = ["good-\(provider)", provider, "ok", "ok", "ok", provider == "instantly" ? "ok" : "-"]
            #expect(line.split(separator: " ").map(String.init) == cells)
        }

        let mixed = try directory.file("mixed.yml", Self.file(good + bad))
        let check = try ChildProcess(ExporterProcess.path, ["check", Self.flag(mixed)])
        await check.expectEnd(1)
        for provider in FaultScenario.providers {
            #expect(check.lines.contains { $0.hasPrefix("good-\(provider) ") && !$0.contains("refused") })
            let row = try #require(check.lines.first { $0.hasPrefix("refused-\(provider) ") })
            #expect(row.split(separator: " ").dropFirst(2).allSatisfy { ["refused", "-"].contains($0) })
            let advice = try #require(check.lines.first { $0.hasPrefix("refused-\(provider): campaigns: /") })
            #expect(advice.contains("the key is refused (HTTP ") && advice.contains("create a new one"))
            #expect(check.lines.contains { $0.hasPrefix("refused-\(provider): mailboxes: /") })
        }
    }

    @Test("an endpoint that refuses the key fails its part alone, unless that is switched off")
    func parts() async throws {
        try await withServer({ request in
            switch request.path {
            case "/v1/campaigns": .text(#"{"success": true, "data": [], "pagination": {"hasMore": false}}"#)
            default: .text(#"{"error": "Forbidden"}"#, status: 403)
            }
        }) { url in
            let directory = try TemporaryDirectory()
            let account = "{name: acme, provider: sendkit, api_key: k, base_url: '\(url)'"
            let path = try directory.file("config.yml", Self.file([account + "}"]))
            let check = try ChildProcess(ExporterProcess.path, ["check", Self.flag(path)])
            await check.expectEnd(1)
            #expect(check.lines.dropFirst().first == "acme     sendkit   ok         ok       refused    -")
            let below = check.lines.dropFirst(2).filter { !$0.isEmpty }
            #expect(below.count == 2)
            for (line, route) in zip(below, ["/v1/mailboxes", "/v1/warmup/stats"]) {
                #expect(line.hasPrefix("acme: mailboxes: \(route): refused to this key (HTTP 403); SendKit forbids"))
            }

            let without = try directory.file("without.yml", Self.file([account + ", mailboxes: false}"]))
            let second = try ChildProcess(ExporterProcess.path, ["check", Self.flag(without)])
            await second.expectEnd(0)
            #expect(second.lines.last == "acme     sendkit   ok         ok       -          -")
        }
    }

    @Test("a check that is interrupted judges no key")
    func interrupted() async throws {
        let (requests, request) = AsyncStream.makeStream(of: Void.self)
        let end = DispatchSemaphore(value: 0)
        let late: @Sendable (Request) -> Response = { _ in
            request.yield()
            end.wait()
            return .text("too late")
        }
        try await withServer(late) { url in
            // More often than there are requests, so that the server ends too.
            defer { for _ in 0..<100 { end.signal() } }
            let directory = try TemporaryDirectory()
            let account = "{name: acme, provider: sendkit, api_key: k, base_url: '\(url)'}"
            let path = try directory.file("config.yml", Self.file([account]))
            let check = try ChildProcess(ExporterProcess.path, ["check", Self.flag(path)])
            for await _ in requests.prefix(1) {}
            check.signal(SIGINT)
            await check.expectEnd(1)
            #expect(check.lines == ["outreach-exporter: interrupted"])
        }
    }

    @Test("--config.check reads the file and calls nobody", arguments: [["check"], ["run"], []])
    func file(command: [String]) async throws {
        let directory = try TemporaryDirectory()
        let nobody = "{name: a, provider: instantly, api_key: k, base_url: 'http://127.0.0.1:1'}"
        let path = try directory.file("config.yml", Self.file([nobody]))
        let check = try ChildProcess(ExporterProcess.path, command + [Self.flag(path), "--config.check"])
        await check.expectEnd(0)
        #expect(check.lines == ["the configuration is fine: 1 account"])
    }

    @Test("a web configuration can be checked alone, a configuration without its keys too")
    func alone() async throws {
        let directory = try TemporaryDirectory()
        let web = "--web.config.file=\(try directory.file("web.yml", "http_server_config: { http2: false }"))"
        let keyless = try directory.file("config.yml", Self.file(["{name: a, provider: instantly, api_key: '${K}'}"]))
        for (flags, status, line) in [
            (["--config.check", web], 0, "the web configuration is fine"),
            (["--config.check-without-keys", web, Self.flag(keyless)], 0, "the configuration is fine: 1 account"),
            (["--config.check"], 1, "outreach-exporter: there is no account to collect; start one of these:"),
        ] as [([String], Int32, String)] {
            let check = try ChildProcess(ExporterProcess.path, flags)
            await check.expectEnd(status)
            #expect(check.lines.first == line)
        }
    }

    @Test("check says how many campaigns an account's selection has, and of how many")
    func selection() async throws {
        let simulator = try await SimulatorProcess.start()
        let directory = try TemporaryDirectory()
        let selections = [
            ("sendkit", "include: ['no such name']"), ("instantly", "limit: 3"), ("lemlist", "exclude: []"),
        ]
        let accounts = selections.map { provider, selection in
            simulator.account(provider, provider, "campaigns: {\(selection)}, mailboxes: false")
        }
        let path = try directory.file("config.yml", Self.file(accounts))
        let check = try ChildProcess(ExporterProcess.path, ["check", Self.flag(path)])
        await check.expectEnd(0)
        let below = check.lines.drop { !$0.isEmpty }.dropFirst()
        #expect(below.sorted() == ["instantly: campaigns selects 3 of 4", "sendkit: campaigns selects 0 of 4"])
    }

    @Test("a key and a base URL that lemlist answers with 404 are told apart, and the advice is about both")
    func lemlist() async throws {
        let simulator = try await SimulatorProcess.start()
        let directory = try TemporaryDirectory()
        let right = simulator.account("key", "lemlist", "api_key: bad-key, mailboxes: false")
        let wrong = simulator.account("path", "lemlist", "mailboxes: false").replacing("/lemlist/api", with: "/lemlist")
        let path = try directory.file("config.yml", Self.file([right, wrong]))
        let check = try ChildProcess(ExporterProcess.path, ["check", Self.flag(path)])
        await check.expectEnd(1)
        #expect(check.lines.contains { $0.hasPrefix("key ") && $0.contains("refused") })
        #expect(check.lines.contains { $0.hasPrefix("path ") && $0.contains("failed") && !$0.contains("refused") })
        let advice = try #require(check.lines.first { $0.hasPrefix("path: campaigns: ") })
        #expect(advice.contains("(HTTP 404)") && advice.contains("check base_url, its path too, and the key"))
    }

    @Test("all mistakes of a file are told at once, each with its place")
    func mistakes() async throws {
        let directory = try TemporaryDirectory()
        let path = try directory.file(
            "config.yml",
            """
            collection: {interval: 5 minutes}
            acounts: []
            accounts:
              - name: a
                provider: instantley
                api_key: k
              - name: a
                provider: lemlist
                api_key: ${NOT_SET_ANYWHERE}
                timeout: 1s
                timeout: 2s
                sendkit: {workspace: w}
            """
        )
        for command in [["check"], ["run"], ["--config.check"]] {
            let program = try ChildProcess(ExporterProcess.path, command + [Self.flag(path)])
            await program.expectEnd(1)
            let output = program.lines.joined(separator: "\n")
            let places = ["1:24", "2:1", "5:15", "7:11", "9:14", "11:5", "12:14"]
            for place in places { #expect(output.contains("\(path):\(place): "), "\(place) is missing in \(output)") }
        }
    }

    @Test("an account without a file is one that a variable's key makes")
    func environment() async throws {
        let check = try ChildProcess(
            ExporterProcess.path,
            ["--config.check"],
            environment: ["INSTANTLY_API_KEY": "k", "SENDKIT_API_KEY": "k", "LEMLIST_API_KEY": ""]
        )
        await check.expectEnd(0)
        #expect(check.lines == ["the configuration is fine: 2 accounts"])
    }

    private static func flag(_ path: String) -> String { "--config.file=\(path)" }

    private static func file(_ accounts: [String]) -> String { "accounts: [\(accounts.joined(separator: ", "))]" }
}
