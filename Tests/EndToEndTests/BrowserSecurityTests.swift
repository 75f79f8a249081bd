// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import HTTPServer
import Testing

/// What a web page in somebody's browser can do to the running program.
@Suite(.startsPrograms, .timeLimit(.minutes(30))) struct BrowserSecurityTests {
    @Test("a web page elsewhere, or under a rebound name, cannot reload; a program can")
    func reload() async throws {
        let exporter = try await ExporterProcess.start(["demo"])
        let host = exporter.url.dropFirst("http://".count)
        let requests: [(headers: [(name: String, value: String)], reason: String)] = [
            ([("Sec-Fetch-Site", "cross-site")], "Sec-Fetch-Site names another site"),
            ([("Origin", "http://attacker.example")], "Origin differs from Host"),
            ([("Origin", "null")], "Origin differs from Host"),
            (
                [("Host", "attacker.example"), ("Origin", "http://attacker.example")],
                "Host is not a name of this machine"
            ),
        ]
        for method in ["POST", "PUT"] {
            for (headers, reason) in requests {
                let refusal = try await exporter.send(method, "/-/reload", headers: headers)
                #expect(refusal.status == 403)
                #expect(String(decoding: refusal.body, as: UTF8.self).contains(reason))
            }
        }
        #expect(try await exporter.send("POST", "/-/reload").status == 200)
        #expect(try await exporter.send("POST", "/-/reload", headers: [("Origin", "http://\(host)")]).status == 200)
        let page = try await exporter.page { _ in true }
        for (code, count) in [(403, 8.0), (200, 2)] {
            let series = #"outreach_exporter_http_requests_total{handler="/-/reload",code="\#(code)"}"#
            #expect(page.value(series) == count)
        }
    }

    @Test("a web page elsewhere cannot change the faults of a simulator; a program can")
    func simulator() async throws {
        let simulator = try await SimulatorProcess.start()
        let request = { @Sendable (headers: [(name: String, value: String)]) in
            let body = Array(#"{"faults":["slow"]}"#.utf8)
            return HTTPRequest(method: "POST", url: simulator.url + "/faults", headers: headers, body: body)
        }
        #expect(try await Client.send(request([("Origin", "http://attacker.example")])).status == 403)
        let rebound = [(name: "Host", value: "attacker.example"), (name: "Origin", value: "http://attacker.example")]
        #expect(try await Client.send(request(rebound)).status == 403)
        #expect(try await Client.send(request([])).status == 200)
    }

    /// A page that tries to reload by `fetch` and by a form.
    private static func attack(on url: String) -> String {
        """
        <title>attack</title><iframe name="target" ></iframe>
        <form method="post" action="\(url)/-/reload" target="target"></form>
        <script>
        addEventListener("load", async () => {
          for (const method of ["POST", "PUT"])
            await fetch("\(url)/-/reload", {method, mode: method === "POST" ? "no-cors" : "cors"}).catch(() => {});
          document.forms[0].submit();
        });
        </script>
        """
    }

    @Test(
        "a browser on a page elsewhere cannot reload by a form or by fetch",
        .enabled(if: Browser.isExpected)
    )
    func browser() async throws {
        let exporter = try await ExporterProcess.start(["demo"])
        let html = Self.attack(on: exporter.url)
        try await withServer({ _ in
            Response(headers: [("Content-Type", "text/html")], body: [Array(html.utf8)])
        }) {
            let directory = try TemporaryDirectory()
            let dom = try await Browser.open("\($0)/", "--dump-dom", profile: directory)
            #expect(dom.contains("<title>attack</title>"))
        }
        let refusals = try await exporter.page { page in
            page.value(#"outreach_exporter_http_requests_total{handler="/-/reload",code="403"}"#) ?? 0 >= 1
        }
        #expect(refusals.value(#"outreach_exporter_http_requests_total{handler="/-/reload",code="200"}"#) == nil)
        #expect(!exporter.program.lines.contains { $0.contains("configuration read again") })
    }

    @Test("the status page names its rules, and those of the web configuration take precedence")
    func headers() async throws {
        let directory = try TemporaryDirectory()
        let plain = try await ExporterProcess.start(["demo"]).get("/")
        #expect(plain.header("x-content-type-options") == "nosniff")
        #expect(plain.header("x-frame-options") == "DENY")
        #expect(plain.header("referrer-policy") == "no-referrer")
        #expect(plain.header("content-security-policy")?.contains("frame-ancestors 'none'") == true)

        let own = "{ X-Frame-Options: sameorigin, Content-Security-Policy: \"frame-ancestors 'self'\" }"
        let file = try directory.file("web.yml", "http_server_config: { headers: \(own) }")
        let exporter = try await ExporterProcess.start(["demo", "--web.config.file=\(file)"])
        let configured = try await exporter.get("/")
        let values = { @Sendable name in configured.headers.filter { $0.name == name }.map(\.value) }
        #expect(values("x-frame-options") == ["sameorigin"])
        #expect(values("content-security-policy") == ["frame-ancestors 'self'"])
        #expect(values("referrer-policy") == ["no-referrer"])
    }
}
