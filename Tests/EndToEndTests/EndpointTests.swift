// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import Testing

/// The endpoints of the running program.
@Suite(.timeLimit(.minutes(15))) struct EndpointTests {
    @Test("each path answers its methods, and says which they are")
    func methods() async throws {
        let exporter = try await ExporterProcess.start(["demo", "--simulator.speed=0"])
        try await exporter.ready()
        for path in ["/metrics", "/sd", "/", "/-/healthy", "/-/ready"] {
            let get = try await exporter.get(path)
            let head = try await exporter.send("HEAD", path)
            #expect(get.status == 200 && head.status == 200 && head.body.isEmpty)
            #expect(head.header("content-length").flatMap(Int.init) ?? 0 > 0)
            let post = try await exporter.send("POST", path)
            #expect(post.status == 405 && post.header("allow") == "GET, HEAD")
        }
        let get = try await exporter.get("/-/reload")
        #expect(get.status == 405 && get.header("allow") == "POST, PUT")
        #expect(try await exporter.get("/nothing").status == 404)
        #expect(try await exporter.send("PUT", "/-/reload").status == 200)
    }

    @Test("the status page loads nothing from elsewhere and runs no script")
    func statusPage() async throws {
        let exporter = try await ExporterProcess.start(["demo"])
        try await exporter.ready()
        let page = try await exporter.get("/")
        let html = String(decoding: page.body, as: UTF8.self)
        #expect(
            page.header("content-security-policy")?.hasPrefix("default-src 'none'; style-src 'unsafe-inline'") == true
        )
        for loader in ["<script", "src=", "@import", "url(", "http://", "https://", "<link", "<iframe"] {
            #expect(!html.contains(loader), "\(loader)")
        }
    }

    @Test("ready is 503 until every account was asked once; healthy asks nobody")
    func readiness() async throws {
        let simulator = try await SimulatorProcess.start(["--simulator.faults=sendkit:hang"])
        let directory = try TemporaryDirectory()
        let accounts = FaultScenario.providers.map { simulator.account($0, $0, "timeout: 5s", "mailboxes: false") }
            .joined(
                separator: ", "
            )
        let file = try directory.file("config.yml", "accounts: [\(accounts)]")
        let exporter = try await ExporterProcess.start(["--config.file=\(file)"])
        #expect(try await exporter.get("/-/ready").status == 503)
        #expect(try await exporter.get("/-/healthy").status == 200)
        try await simulator.set(faults: [])
        _ = try await exporter.page { page in
            FaultScenario.providers.allSatisfy { page.value("outreach_account_up", $0) == 1 }
        }
        #expect(try await exporter.get("/-/ready").status == 200)
    }

    @Test("whoever does not read his answer gives way when there are more requests than allowed")
    func maxRequests() async throws {
        let simulator = try await SimulatorProcess.start(campaigns: 700)
        let directory = try TemporaryDirectory()
        let account = simulator.account("a", "lemlist", "max_staleness: 1h", "interval: 1s", "mailboxes: false")
        let file = try directory.file("config.yml", "accounts: [\(account)]")
        let exporter = try await ExporterProcess.start(["--config.file=\(file)", "--web.max-requests=1"])
        try await exporter.ready()
        let reader = try SlowClient(exporter.url, "/metrics")
        #expect(try await exporter.get("/-/healthy").status == 200)
        #expect(reader.isAborted())
    }

    @Test("a good file is taken over, a broken one changes nothing", arguments: [true, false])
    func reload(bySignal: Bool) async throws {
        let simulator = try await SimulatorProcess.start()
        let directory = try TemporaryDirectory()
        let first = simulator.account("first", "sendkit", "interval: 1s")
        let file = try directory.file("config.yml", "accounts: [\(first)]")
        let exporter = try await ExporterProcess.start(["--config.file=\(file)"])
        _ = try await exporter.page { $0.value("outreach_account_up", "first") == 1 }

        _ = try directory.file("config.yml", "accounts: [{name: first, provider: sendgrid, intervall: 1s}]")
        if bySignal {
            exporter.program.signal(SIGHUP)
        } else {
            let refusal = try await exporter.send("POST", "/-/reload")
            let reasons = String(decoding: refusal.body, as: UTF8.self)
            #expect(
                refusal.status == 500 && reasons.contains("config.yml:1:36: ") && reasons.contains("config.yml:1:46: ")
            )
        }
        let failed = try await exporter.page { $0.value("outreach_exporter_config_last_reload_successful") == 0 }
        #expect(failed.value("outreach_account_up", "first") == 1 && failed.data.count > 40)

        let second = simulator.account("second", "lemlist", "interval: 1s")
        _ = try directory.file("config.yml", "accounts: [\(second), \(first)]")
        if bySignal {
            exporter.program.signal(SIGHUP)
        } else {
            #expect(try await exporter.send("POST", "/-/reload").status == 200)
        }
        let both = try await exporter.page { $0.value("outreach_account_up", "second") == 1 }
        #expect(both.value("outreach_exporter_config_last_reload_successful") == 1)
        #expect(both.data(of: "first") == failed.data(of: "first"))
    }

    @Test("a reload that changes what only a restart applies is refused and says so", arguments: [true, false])
    func restartNeeded(bySignal: Bool) async throws {
        let simulator = try await SimulatorProcess.start()
        let directory = try TemporaryDirectory()
        let account = simulator.account("first", "sendkit", "interval: 1s")
        let file = try directory.file("config.yml", "storage: {path: old}\naccounts: [\(account)]")
        let exporter = try await ExporterProcess.start(["--config.file=\(file)"])
        let reloaded = "outreach_exporter_config_last_reload_successful"

        let second = simulator.account("second", "lemlist", "interval: 1s")
        _ = try directory.file("config.yml", "storage: {path: new}\naccounts: [\(account), \(second)]")
        let reason = "storage.path has changed, which needs a restart: restart, or set it back and reload again"
        if bySignal {
            exporter.program.signal(SIGHUP)
        } else {
            let refusal = try await exporter.send("POST", "/-/reload")
            #expect(refusal.status == 500 && String(decoding: refusal.body, as: UTF8.self).contains(reason))
        }
        _ = try #require(await exporter.program.line { $0.contains("level=error") && $0.contains(reason) })
        let refused = try await exporter.page { $0.value(reloaded) == 0 }
        #expect(refused.value("outreach_account_up", "second") == nil)
        #expect(!FileManager.default.fileExists(atPath: "\(directory.path)/new"))

        _ = try directory.file("config.yml", "storage: {path: old}\naccounts: [\(account), \(second)]")
        #expect(try await exporter.send("POST", "/-/reload").status == 200)
        _ = try await exporter.page { $0.value(reloaded) == 1 && $0.value("outreach_account_up", "second") == 1 }
    }
}
