// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// The spliced gzip as the programs of this world read it: unpacked it is the plain page.
@Suite(.startsPrograms, .timeLimit(.minutes(30))) struct CompressionTests {
    /// Python's zlib stops at the end of the first member and says what stands behind it.
    private static let unpack = """
        import sys, urllib.request, zlib
        request = urllib.request.Request(sys.argv[1], headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request) as response:
            assert response.headers["Content-Encoding"] == "gzip"
            member = zlib.decompressobj(31)
            text = member.decompress(response.read())
        assert member.eof and not member.unused_data
        print(text.decode(), end="")
        """

    @Test("curl, Python and a browser unpack what is on the plain page")
    func readers() async throws {
        let exporter = try await ExporterProcess.start(["demo", "--simulator.speed=0"])
        try await exporter.ready()
        let url = exporter.url + "/metrics"
        let plain = try await lines(of: "/usr/bin/curl", ["--silent", "--show-error", url])
        #expect(plain.count > 3_000)
        let curl = try await lines(of: "/usr/bin/curl", ["--silent", "--show-error", "--compressed", url])
        #expect(differences(of: curl, from: plain) == [])
        let python = try await lines(of: TestTools.python, ["-c", Self.unpack, url])
        #expect(differences(of: python, from: plain) == [])
        if Browser.isExpected {
            let dom = try await Browser.open(url, "--dump-dom", profile: TemporaryDirectory())
            let shown = dom.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
            let browser = providerData(shown.split(separator: "\n").map(String.init))
            #expect(differences(of: browser, from: plain) == [])
        }
    }

    /// A page is long; a handful of its lines says what went wrong.
    private func differences(of lines: [String], from plain: [String]) -> [String] {
        lines.difference(from: plain).prefix(3).map { "\($0)" }
    }

    private func lines(of program: String, _ arguments: [String]) async throws -> [String] {
        let program = try ChildProcess(program, arguments)
        await program.expectEnd(0)
        return providerData(program.lines)
    }

    private func providerData(_ lines: [String]) -> [String] {
        lines.filter { MetricsPage.isData($0) && !$0.isOfStandstill }
    }
}
