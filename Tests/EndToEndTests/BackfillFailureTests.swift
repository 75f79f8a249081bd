// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPServer
import Synchronization
import Testing

/// A backfill of campaigns and accounts of which some always fail.
@Suite(.startsPrograms, .timeLimit(.minutes(30))) struct BackfillFailureTests {
    @Test("Campaigns and an account that fail are named and left out; a later run asks for them alone")
    func partial() async throws {
        let provider = FailingProvider()
        try await withServer({ provider.answer(to: $0) }) { url in
            let directory = try TemporaryDirectory()
            let configuration = try Self.configuration(url, in: directory)
            let output = "\(directory.path)/past.om"
            let partial = try Self.backfill(configuration, output)
            await partial.expectEnd(4)
            for (campaign, status) in FailingProvider.failing {
                let line = partial.lines.first { $0.contains(" campaign=\(campaign) ") } ?? ""
                #expect(line.contains("provider=sendkit account=acme"), "\(campaign): \(partial.lines)")
                #expect(line.contains("/v1/") && line.contains("{id}") && line.contains("(HTTP \(status))"), "\(line)")
            }
            #expect(partial.lines.contains { $0.contains("account=refused") && $0.contains("(HTTP 401)") })
            let summary = "Without account refused and 4 campaigns (broken, damaged, gone and 1 more): the same command"
            #expect(partial.lines.contains { $0.hasPrefix(summary) }, "\(partial.lines)")
            let text = String(decoding: TestFiles.bytes(output), as: UTF8.self)
            #expect(text.contains(#"campaign="good-1""#) && text.contains(#"campaign="good-2""#))
            #expect(FailingProvider.failing.keys.allSatisfy { !text.contains(#"campaign="\#($0)""#) })

            provider.repair()
            let rest = try Self.backfill(configuration, output)
            await rest.expectEnd(0)
            #expect(provider.requested == Set(FailingProvider.failing.keys).union(["late"]))
            let whole = try Self.backfill(configuration, "\(directory.path)/whole.om")
            await whole.expectEnd(0)
            #expect(TestFiles.bytes(output) == TestFiles.bytes("\(directory.path)/whole.om"))
            #expect(!FileManager.default.fileExists(atPath: output + ".state"))
        }
    }

    @Test("Where everything fails, nothing is written")
    func nothing() async throws {
        let provider = FailingProvider()
        try await withServer({ provider.answer(to: $0) }) { url in
            let directory = try TemporaryDirectory()
            let output = try directory.file("past.om", "an earlier output")
            let failed = try Self.backfill(try Self.configuration(url, in: directory), output, "--account=refused")
            await failed.expectEnd(1)
            #expect(failed.lines.contains { $0.contains("nothing is written: without account refused") })
            #expect(TestFiles.bytes(output) == Array("an earlier output".utf8))
        }
    }

    private static func configuration(_ url: String, in directory: TemporaryDirectory) throws -> String {
        let accounts = ["acme", "refused"].map {
            "{ name: \($0), provider: sendkit, api_key: sk_key, base_url: \"\(url)/\($0)\", requests_per_second: 100 }"
        }
        return try directory.file("config.yml", "accounts: [\(accounts.joined(separator: ", "))]")
    }

    private static func backfill(_ configuration: String, _ output: String, _ flags: String...) throws -> ChildProcess {
        let words = [
            "--config.file=\(configuration)", "--output=\(output)", "--since=2026-01-01", "--until=2026-01-31",
        ]
        return try ChildProcess(ExporterProcess.path, ["backfill", "--every=24h"] + words + flags)
    }
}

/// Two SendKit workspaces: campaigns that fail for ever beside others, and a key that is refused.
private final class FailingProvider: Sendable {
    /// The campaigns that fail, with the status of every response about them.
    static let failing = ["broken": 500, "gone": 404, "damaged": 200, "odd": 400]

    private struct State {
        var isRepaired = false
        var requested: Set<String> = []
    }

    private let state = Mutex(State())

    /// The campaigns that were requested since the repair.
    var requested: Set<String> { state.withLock { $0.requested } }

    /// Lets everything succeed from here on.
    func repair() { state.withLock { $0.isRepaired = true } }

    func answer(to request: Request) -> Response {
        let path = request.path.split(separator: "/").map(String.init)
        let isRepaired = state.withLock { $0.isRepaired }
        guard path.first != "refused" || isRepaired else { return Self.json(#"{"code":401}"#, status: 401) }
        if path.last == "campaigns" {
            let ids = path.first == "refused" ? ["late"] : ["good-1", "good-2"] + Self.failing.keys
            let rows = ids.map { #"{"_id":"\#($0)","name":"\#($0)","status":"active"}"# }
            return Self.json(
                #"{"success":true,"data":[\#(rows.joined(separator: ","))],"pagination":{"hasMore":false}}"#
            )
        }
        let isTotal = path.last == "analytics"
        let campaign = (isTotal ? path.dropLast() : path[...]).last ?? ""
        if isRepaired { state.withLock { _ = $0.requested.insert(campaign) } }
        if !isRepaired, let status = Self.failing[campaign] { return Self.json("{", status: status) }
        return Self.json(
            isTotal
                ? #"{"success":true,"data":{"stats":{"sent":7}}}"#
                : #"{"success":true,"data":[{"_id":"2026-01-07","sent":5}]}"#
        )
    }

    private static func json(_ text: String, status: Int = 200) -> Response {
        Response(status: status, headers: [("Content-Type", "application/json")], body: [Array(text.utf8)])
    }
}
