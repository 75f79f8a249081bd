// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import Testing

/// The exporter as its users start it.
struct ExporterProcess {
    /// The binary that this build made, beside the tests.
    static var path: String {
        let tests = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        return tests.appendingPathComponent("outreach-exporter").path
    }

    /// The running program.
    let program: ChildProcess
    /// Where it listens: `http://127.0.0.1:41234`.
    let url: String

    /// Starts it on a free port and waits until it listens.
    static func start(_ arguments: [String], environment: [String: String] = [:]) async throws -> ExporterProcess {
        let program = try ChildProcess(path, arguments + ["--web.listen-address=127.0.0.1:0"], environment: environment)
        let line = try #require(
            await program.line { $0.contains("msg=listening") && !$0.contains("simulator") },
            "it ended before it listened: \(program.lines)"
        )
        let address = try #require(line.split(separator: " ").first { $0.hasPrefix("address=") })
        return ExporterProcess(program: program, url: "http://" + address.dropFirst("address=".count))
    }

    /// Fetches a path.
    func get(_ path: String, headers: [(name: String, value: String)] = []) async throws -> HTTPResponse {
        try await Client.send(HTTPRequest(url: url + path, headers: headers))
    }

    /// Sends a request with another method and no body.
    func send(_ method: String, _ path: String, headers: [(name: String, value: String)] = []) async throws
        -> HTTPResponse
    {
        try await Client.send(HTTPRequest(method: method, url: url + path, headers: headers))
    }

    /// Fetches the metrics until they are acceptable; `check` sees every page on the way.
    ///
    /// After ten minutes, which end a hang only, it records an issue and returns the page of that moment, for the test to say what is wrong.
    func page(
        every pause: Duration = .milliseconds(200),
        until accepts: (MetricsPage) -> Bool,
        check: (MetricsPage) -> Void = { _ in }
    ) async throws -> MetricsPage {
        let deadline = ContinuousClock.now + .seconds(600)
        while true {
            let page = try MetricsPage(try await get("/metrics"))
            check(page)
            if accepts(page) { return page }
            if ContinuousClock.now > deadline {
                Issue.record("no acceptable page came: \(program.lines.suffix(20))")
                return page
            }
            try await Task.sleep(for: pause)
        }
    }

    /// Waits until every account was asked once.
    func ready() async throws {
        while try await get("/-/ready").status != 200 {
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Asks it to end and returns its exit status.
    func stop(_ signal: Int32 = SIGTERM) async -> Int32 {
        program.signal(signal)
        return await program.end()
    }

    /// Asks it to end in good order, or as a busy machine ends it, on which that takes more than two seconds.
    func expectStop(sourceLocation: SourceLocation = #_sourceLocation) async {
        program.signal(SIGTERM)
        await program.expectEnd(0, 3, sourceLocation: sourceLocation)
    }
}

extension ChildProcess {
    /// Waits for the end, which must have one of these statuses.
    func expectEnd(_ statuses: Int32..., sourceLocation: SourceLocation = #_sourceLocation) async {
        let end = await end()
        #expect(statuses.contains(end), "\(end): \(lines.suffix(3))", sourceLocation: sourceLocation)
    }
}

/// The client that all tests share.
enum Client {
    private static let transport = Result { () throws(TransportError) in
        try CurlTransport(CurlSettings(userAgent: "end-to-end-tests"))
    }

    /// Sends a request.
    static func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await transport.get().send(request)
    }
}
