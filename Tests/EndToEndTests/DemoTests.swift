// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import Testing

@Suite(.startsPrograms, .timeLimit(.minutes(30))) struct DemoTests {
    @Test("the demo says where its page is, serves every provider and ends when asked", arguments: [SIGTERM, SIGINT])
    func demo(signal: Int32) async throws {
        let exporter = try await ExporterProcess.start(["demo"])
        #expect(await exporter.program.line { $0.hasSuffix("url=\(exporter.url)/") } != nil)
        try await exporter.ready()
        let page = try await exporter.get("/metrics")
        #expect(page.status == 200)
        let text = String(decoding: page.body, as: UTF8.self)
        for provider in FaultScenario.providers {
            #expect(text.contains("outreach_account_up{provider=\"\(provider)\",account=\"demo-\(provider)\"} 1\n"))
            #expect(text.contains("outreach_step_messages_sent_total{provider=\"\(provider)\""))
        }
        #expect(await exporter.stop(signal) == 0)
    }

    @Test("promtool has nothing to say about the page")
    func promtool() async throws {
        let exporter = try await ExporterProcess.start(["demo"])
        try await exporter.ready()
        let page = try await exporter.get("/metrics")
        let file = try TemporaryDirectory()
        let path = try file.file("page", String(decoding: page.body, as: UTF8.self))
        let check = try ChildProcess("/bin/sh", ["-c", "promtool check metrics < \(path)"])
        await check.expectEnd(0)
        #expect(check.lines == [])
    }

    @Test("the strict OpenMetrics parser accepts the page")
    func openMetrics() async throws {
        let exporter = try await ExporterProcess.start(["demo"])
        try await exporter.ready()
        let accept = (name: "Accept", value: "application/openmetrics-text; version=1.0.0")
        let page = try await exporter.get("/metrics", headers: [accept])
        #expect(
            page.header("content-type")
                == "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores"
        )
        let file = try TemporaryDirectory()
        let path = try file.file("page", String(decoding: page.body, as: UTF8.self))
        let parse = """
            from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
            print(sum(len(family.samples) for family in parse(open("\(path)").read())))
            """
        let python = try ChildProcess(TestTools.python, ["-c", parse], environment: TestTools.environment)
        await python.expectEnd(0)
        let series = String(decoding: page.body, as: UTF8.self).split(separator: "\n")
            .first { $0.hasPrefix("outreach_exporter_series ") }?.split(separator: " ").last
        #expect(python.lines == [series.map(String.init)])
    }

    @Test("the simulator may listen on every interface, and on nothing but the network")
    func simulatorAddress() async throws {
        let exporter = try await ExporterProcess.start(["demo", "--simulator.listen-address=:0"])
        _ = try await exporter.page { $0.value("outreach_account_up", "demo-lemlist") == 1 }
        let folder = try TemporaryDirectory()
        let flags = ["demo", "--simulator.listen-address=unix://\(folder.path)/s", "--web.listen-address=127.0.0.1:0"]
        let program = try ChildProcess(ExporterProcess.path, flags)
        await program.expectEnd(2)
        #expect(program.lines.count == 1 && program.lines[0].contains("--simulator.listen-address"))
    }

    @Test("a result that cannot be written is an error", arguments: ["catalogue", "help", "version"])
    func fullDisk(command: String) async throws {
        let program = try ChildProcess("/bin/sh", ["-c", "\(ExporterProcess.path) \(command) >/dev/full"])
        await program.expectEnd(1)
        #expect(program.lines == ["outreach-exporter: cannot write to standard output: No space left on device"])
    }

    @Test("wrong usage says what is right and ends with status 2")
    func usage() async throws {
        let program = try ChildProcess(ExporterProcess.path, ["--config.flie=x"])
        await program.expectEnd(2)
        #expect(program.lines.first?.contains("--config.file") == true)
    }

    @Test("without a file and without a key it says how to begin")
    func nothing() async throws {
        let program = try ChildProcess(ExporterProcess.path, [])
        await program.expectEnd(1)
        #expect(program.lines.joined().contains("outreach-exporter demo"))
    }
}
