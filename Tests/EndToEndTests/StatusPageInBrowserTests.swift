// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The status page as a browser shows it.
@Suite(
    .startsPrograms,
    .enabled(if: Browser.isExpected, "Chromium is missing (Debian: chromium)"),
    .timeLimit(.minutes(30))
)
struct StatusPageInBrowserTests {
    @Test("a hostile name is text, and the page can be seen")
    func page() async throws {
        let simulator = try await SimulatorProcess.start()
        let directory = try TemporaryDirectory()
        let name = #"<img src=x onerror="document.title=1"> & <b>bold"#
        let file = try directory.file(
            "config.yml",
            "accounts: [\(simulator.account(name, "sendkit", "interval: 1s", "api_key: bad-key"))]"
        )
        let exporter = try await ExporterProcess.start(["--config.file=\(file)"])
        try await exporter.ready()

        let dom = try await Browser.open(exporter.url, "--dump-dom", profile: directory)
        #expect(dom.contains("&lt;img src=x onerror=\"document.title=1\"&gt; &amp; &lt;b&gt;bold"))
        #expect(!dom.contains("<img") && !dom.contains("<b>"))
        #expect(dom.contains("<title>1 of 1 account down"))

        let picture = "\(directory.path)/page.png"
        _ = try await Browser.open(exporter.url, "--screenshot=\(picture)", profile: directory)
        let bytes = TestFiles.bytes(picture)
        #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        // A page without anything on it compresses to less.
        #expect(bytes.count > 8_000)
    }

    @Test("an error from a provider is text too, and nothing in it turns the line around")
    func error() async throws {
        try await withServer({ HostileProviders.answer(to: $0) }) { url in
            let directory = try TemporaryDirectory()
            let account = "{name: rude, provider: sendkit, api_key: k, base_url: '\(url)/rude', interval: 1s}"
            let file = try directory.file("config.yml", "accounts: [\(account)]")
            let exporter = try await ExporterProcess.start(["--config.file=\(file)"])
            try await exporter.ready()

            let dom = try await Browser.open(exporter.url, "--dump-dom", profile: directory)
            #expect(dom.contains("<title>1 of 1 account down"))
            #expect(dom.contains("all is well"))
            #expect(!dom.contains("<script") && !dom.contains("\u{202E}") && !dom.contains("\u{7}"))
        }
    }
}
