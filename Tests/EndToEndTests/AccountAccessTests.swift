// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import Testing

/// Users who see some accounts only, over real connections.
@Suite(.startsPrograms, .timeLimit(.minutes(30))) struct AccountAccessTests {
    /// bcrypt of "secret", cost 4: the password of every user.
    private static let hash = "$2b$04$O9J2WrntIUtVRgo/tTdbfOQvpdnlLbuIS6pxZSizgJoKrw5QZNDoe"

    private static let users = ["alice", "bob", "root"]

    private static let bindings = """
        users:
          alice: [demo-lemlist]
          bob: [demo-sendkit, demo-emailbison]
          root: all
        """

    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
        let lines = Self.users.map { "  \($0): \(Self.hash)\n" }.joined()
        _ = try folder.file("web.yml", "basic_auth_users:\n\(lines)")
        _ = try folder.file("accounts.yml", Self.bindings)
    }

    private var flags: [String] {
        ["--web.config.file=\(folder.path)/web.yml", "--web.accounts.file=\(folder.path)/accounts.yml"]
    }

    private func start() async throws -> ExporterProcess {
        let exporter = try await ExporterProcess.start(["demo", "--simulator.speed=0"] + flags)
        try await exporter.ready()
        return exporter
    }

    /// The status and the text of the response to a user.
    private func get(
        _ exporter: ExporterProcess,
        _ path: String,
        as user: String,
        method: String = "GET",
        accept: String = "text/plain"
    ) async throws -> (response: HTTPResponse, text: String) {
        let credentials = Data("\(user):secret".utf8).base64EncodedString()
        let headers = [("Authorization", "Basic \(credentials)"), ("Accept", accept)]
        let response = try await exporter.send(method, path, headers: headers)
        return (response, String(decoding: response.body, as: UTF8.self))
    }

    @Test("A user sees the own accounts' lines of the page, and of all others not even the names")
    func pages() async throws {
        let exporter = try await start()
        for accept in ["text/plain", "application/openmetrics-text"] {
            let full = try await get(exporter, "/metrics", as: "root", accept: accept).text.split(separator: "\n")
            let page = try await get(exporter, "/metrics", as: "bob", accept: accept)
            let lines = page.text.split(separator: "\n").filter { !$0.hasPrefix("#") }
            let accounts = ["sendkit", "emailbison"].map { "account=\"demo-\($0)\"" }
            let own = full.filter { line in accounts.contains { line.contains($0) } }
            #expect(lines.filter { MetricsPage.isData(String($0)) } == own.filter { MetricsPage.isData(String($0)) })
            #expect(lines.allSatisfy { line in accounts.contains { line.contains($0) } })
            #expect(lines.contains { $0.hasPrefix("outreach_account_up") })
            let head = try await get(exporter, "/metrics", as: "bob", method: "HEAD", accept: accept).response
            #expect(head.status == 200 && head.body.isEmpty)
        }
        for path in ["/metrics", "/metrics?account=demo-lemlist", "/metrics?provider=lemlist", "/sd", "/"] {
            let (response, text) = try await get(exporter, path, as: "alice")
            #expect(response.status == 200 && text.contains("demo-lemlist"))
            for other in ["instantly", "sendkit", "emailbison", "smartlead", "process_", "outreach_exporter_"] {
                #expect(!text.contains(other), "\(path): \(other)")
            }
        }
        let status = try await get(exporter, "/", as: "alice").text
        #expect(status.contains("The account is up") && status.contains("<dt>Accounts</dt><dd>1</dd>"))
        #expect(!status.contains("Series"))
        #expect(try await get(exporter, "/sd", as: "alice").text.components(separatedBy: "\"targets\"").count == 2)
        #expect(try await get(exporter, "/sd", as: "root").text.contains("__param_self"))
    }

    @Test("An account of others is answered like one that does not exist, with the number of the user's own")
    func foreign() async throws {
        let exporter = try await start()
        var responses: Set<String> = []
        for query in [
            "account=nobody", "account=demo-instantly", "provider=nobody", "provider=instantly",
            "account=demo-lemlist&account=demo-instantly", "provider=instantly&account=demo-lemlist",
        ] {
            let (response, text) = try await get(exporter, "/metrics?\(query)", as: "alice")
            let headers = response.headers.filter { $0.name != "date" }.map { "\($0.name): \($0.value)\n" }.joined()
            responses.insert("\(response.status)\n\(headers)\(text)")
        }
        #expect(responses.count == 1)
        let text = responses.first ?? ""
        #expect(text.hasPrefix("404\n") && text.hasSuffix("There is 1 account; /sd lists them.\n"))
        #expect(try await get(exporter, "/metrics?account=demo-instantly", as: "root").response.status == 200)
    }

    @Test("What concerns the exporter as a whole is refused to a user who sees some accounts only, whatever the method")
    func refused() async throws {
        let exporter = try await start()
        for method in ["POST", "PUT", "GET", "HEAD", "OPTIONS", "DELETE"] {
            #expect(try await get(exporter, "/-/reload", as: "alice", method: method).response.status == 403)
        }
        for query in ["self=1", "account=demo-lemlist&self=1", "account=demo-instantly&self=1"] {
            #expect(try await get(exporter, "/metrics?\(query)", as: "alice").response.status == 403)
            #expect(try await get(exporter, "/metrics?\(query)", as: "root").response.status == 200)
        }
        #expect(try await get(exporter, "/-/reload", as: "root", method: "POST").response.status == 200)
        for path in ["/-/healthy", "/-/ready"] {
            #expect(try await get(exporter, path, as: "alice").response.status == 200)
            #expect(try await exporter.get(path).status == 200)
        }
        #expect(try await get(exporter, "/debug", as: "alice").response.status == 404)
        #expect(try await exporter.get("/metrics").status == 401)
        #expect(try await get(exporter, "/metrics", as: "eve").response.status == 401)
    }

    @Test("A new accounts file holds without a restart; a broken one shows in log and metric, and shows nobody more")
    func reload() async throws {
        let exporter = try await start()
        let metric = "outreach_exporter_config_last_reload_successful"
        /// Waits until the last reading succeeded or failed.
        func wait(for value: Int) async throws {
            while try await !get(exporter, "/metrics?self=1", as: "root").text.contains("\n\(metric) \(value)\n") {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        func sees(_ account: String) async throws -> Bool {
            try await get(exporter, "/metrics?account=\(account)", as: "alice").response.status == 200
        }
        for broken in ["users:\n  alice: all\n", "users:", "users: { alice: [demo-instantly], bob: [], root: all }"] {
            _ = try folder.file("accounts.yml", broken)
            try await wait(for: 0)
            #expect(try await !sees("demo-instantly"))
            _ = try folder.file("accounts.yml", Self.bindings)
            try await wait(for: 1)
        }
        #expect(exporter.program.lines.filter { $0.contains("web configuration stays as it was") }.count == 3)
        let changed = Self.bindings.replacing("[demo-lemlist]", with: "[demo-instantly, nowhere]")
        _ = try folder.file("accounts.yml", changed)
        while try await !sees("demo-instantly") { try await Task.sleep(for: .milliseconds(50)) }
        #expect(try await !sees("demo-lemlist"))
        let warning = await exporter.program.line { $0.contains("has accounts that do not exist") }
        #expect(warning?.contains("level=warn") == true && warning?.contains("accounts=nowhere") == true)
        await exporter.expectStop()
    }

    @Test("A broken accounts file keeps it from starting, and --config.check finds it; promtool still reads the other")
    func broken() async throws {
        let config = try folder.file(
            "config.yml",
            "accounts: [{ name: a, provider: instantly, api_key: k, base_url: 'http://127.0.0.1:9' }]"
        )
        let toolkit = try ChildProcess("/usr/bin/promtool", ["check", "web-config", "\(folder.path)/web.yml"])
        await toolkit.expectEnd(0)
        for isCheck in [true, false] {
            _ = try folder.file("accounts.yml", "users:\n  alice: [a]\n  root: all\n")
            let start = ["--config.file=\(config)"] + flags + (isCheck ? ["--config.check"] : [])
            let program = try ChildProcess(ExporterProcess.path, start)
            await program.expectEnd(1)
            let place = "\(folder.path)/accounts.yml:2:3: users: "
            #expect(program.lines.contains { $0.contains(place) && $0.contains("of basic_auth_users is missing") })
        }
        _ = try folder.file("accounts.yml", "users: { alice: [a, b], bob: [a], carol: [a], root: all }")
        let check = try ChildProcess(ExporterProcess.path, ["--config.check", "--config.file=\(config)"] + flags)
        await check.expectEnd(0)
        #expect(check.lines.contains { $0.contains("accounts that do not exist") && $0.contains("accounts=b ") })
        #expect(check.lines.contains { $0.contains("users without a password") && $0.contains("users=carol ") })
    }
}
