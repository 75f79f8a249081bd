// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import Testing

/// The endpoints of the running program.
@Suite(.startsPrograms, .timeLimit(.minutes(30))) struct EndpointTests {
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
            #expect(post.status == 405 && post.header("allow") == "GET, HEAD, OPTIONS")
            let options = try await exporter.send("OPTIONS", path)
            #expect(options.status == 204 && options.header("allow") == "GET, HEAD, OPTIONS" && options.body.isEmpty)
        }
        let get = try await exporter.get("/-/reload")
        #expect(get.status == 405 && get.header("allow") == "POST, PUT, OPTIONS")
        let preflight = [
            (name: "Origin", value: "http://attacker.example"), (name: "Sec-Fetch-Site", value: "cross-site"),
        ]
        let options = try await exporter.send("OPTIONS", "/-/reload", headers: preflight)
        #expect(options.status == 204 && options.header("access-control-allow-origin") == nil)
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
        for link in [#"<a href="metrics""#, #"<a href="-/healthy""#, #"<a href="-/ready""#] {
            #expect(html.contains(link), "relative, for proxies: \(link)")
        }
        for loader in ["<script", "src=", "@import", "url(", "http://", "https://", "<link", "<iframe"] {
            #expect(!html.contains(loader), "\(loader)")
        }
    }

    @Test("behind a prefix every path has it, and the start of the site leads there")
    func prefix() async throws {
        let flags = ["demo", "--web.external-url=https://monitor.example/tools/outreach/"]
        let exporter = try await ExporterProcess.start(flags)
        for path in ["/metrics", "/", "/-/healthy"] {
            #expect(try await exporter.get("/tools/outreach\(path)").status == 200)
        }
        let targets = String(decoding: try await exporter.get("/tools/outreach/sd").body, as: UTF8.self)
        #expect(targets.contains(#""__metrics_path__":"/tools/outreach/metrics""#))
        for path in ["/metrics", "/-/healthy", "/tools/outreachmetrics", "/tools"] {
            #expect(try await exporter.get(path).status == 404)
        }
        for path in ["/", "/tools/outreach"] {
            let curl = try ChildProcess(
                "/usr/bin/env",
                ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}\n", exporter.url + path]
            )
            _ = await curl.end()
            #expect(curl.lines == ["302 \(exporter.url)/tools/outreach/"])
        }
        let external = [(name: "Origin", value: "https://monitor.example"), (name: "Host", value: "monitor.example")]
        #expect(try await exporter.send("POST", "/tools/outreach/-/reload", headers: external).status == 200)
        let stripped = try await ExporterProcess.start(flags + ["--web.route-prefix=/"])
        #expect(try await stripped.get("/metrics").status == 200)
    }

    @Test(
        "links work behind a proxy that keeps or strips the path",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/sbin/nginx")),
        arguments: [true, false]
    )
    func proxy(isStripping: Bool) async throws {
        let flags =
            ["demo", "--web.external-url=http://127.0.0.1/outreach"] + (isStripping ? ["--web.route-prefix=/"] : [])
        let exporter = try await ExporterProcess.start(flags)
        let folder = try TemporaryDirectory()
        let socket = "\(folder.path)/nginx.sock"
        let file = try folder.file(
            "nginx.conf",
            """
            daemon off; pid \(folder.path)/pid; error_log stderr; events {}
            http {
              access_log off; proxy_max_temp_file_size 0; client_body_temp_path \(folder.path)/b; proxy_temp_path \(folder.path)/p;
              fastcgi_temp_path \(folder.path)/f; uwsgi_temp_path \(folder.path)/u; scgi_temp_path \(folder.path)/s;
              server { listen unix:\(socket); location /outreach/ { proxy_pass \(exporter.url)\(isStripping ? "/" : ""); } }
            }
            """
        )
        let proxy = try ChildProcess("/usr/sbin/nginx", ["-p", folder.path, "-c", file])
        while !FileManager.default.fileExists(atPath: socket) { try await Task.sleep(for: .milliseconds(20)) }
        let get = { @Sendable (path: String) in
            let curl = try ChildProcess(
                "/usr/bin/env",
                ["curl", "-s", "--unix-socket", socket, "http://127.0.0.1" + path]
            )
            _ = await curl.end()
            return curl.lines.joined(separator: "\n")
        }
        let page = try await get("/outreach/")
        let links = page.matches(of: /<a href="([^"]*)"/).map { String($0.1) }
        #expect(links.count == 3)
        for (link, text) in zip(links, ["outreach_exporter_build_info", "healthy", "ready"]) {
            #expect(!link.hasPrefix("/"))
            while try await !get("/outreach/" + link).contains(text) { try await Task.sleep(for: .milliseconds(50)) }
        }
        withExtendedLifetime(proxy) {}
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
        let first = simulator.account("first", "sendkit", "interval: 1s", "max_staleness: 10m")
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
