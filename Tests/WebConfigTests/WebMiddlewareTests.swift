// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPServer
import Testing

@testable import WebConfig

@Suite(.timeLimit(.minutes(30))) struct WebMiddlewareTests {
    /// bcrypt of "secret", cost 4, made with Python's crypt.
    private static let hash = "$2b$04$O9J2WrntIUtVRgo/tTdbfOQvpdnlLbuIS6pxZSizgJoKrw5QZNDoe"

    /// bcrypt of "other", made the same way.
    private static let otherHash = "$2b$04$abcdefghijklmnopqrstuu0HtfOlPbTiymk5tcV.3TsFPDd3SYZqu"

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func makeMiddleware(_ text: String) throws -> WebMiddleware {
        Self.makeMiddleware(try WebConfiguration(file: try folder.write("web.yml", text)) { _ in })
    }

    private static func makeMiddleware(_ web: WebConfiguration) -> WebMiddleware {
        WebMiddleware(web, onRejection: { _ in }, handler: { request, _ in .response(.text("in: \(request.path)")) })
    }

    private static func request(_ credentials: String? = nil) -> Request {
        let field = credentials.map { ("authorization", "Basic " + Data($0.utf8).base64EncodedString()) }
        return Request(method: "GET", path: "/", headers: field.map { [$0] } ?? [])
    }

    private static func finished(_ answer: Server.HandlerResult) async -> (response: Response?, wasDeferred: Bool) {
        switch answer {
        case .response(let response): (response, false)
        case .deferred(let make): (await finished(make()).response, true)
        }
    }

    @Test(
        "lets nobody in without the right password",
        arguments: [
            nil, "alice:wrong", "alice:", "bob:secret", "alice", "alice:secret\0", ":secret",
        ]
    )
    func refuses(credentials: String?) async throws {
        let middleware = try makeMiddleware("basic_auth_users: { alice: \(Self.hash) }")
        let response = await Self.finished(middleware.handle(Self.request(credentials))).response
        #expect(response?.status == 401)
        #expect(response?.headers.contains { $0.name == "WWW-Authenticate" } == true)
    }

    @Test("a check that is given up does not wait for its turn")
    func cancelled() async throws {
        let queue = DispatchQueue(label: "busy", attributes: .initiallyInactive)
        let verifier = PasswordVerifier(maxPending: 1, queue: queue)
        let users = try ["alice": #require(PasswordHash(Self.hash))]
        let credentials = try #require(Credentials("Basic YWxpY2U6c2VjcmV0"))
        let check = Task { await verifier.check(credentials, of: users) }
        check.cancel()
        #expect(await check.value == .overloaded)
        queue.activate()
    }

    @Test(
        "reads basic credentials, padded or not",
        arguments: [
            ("Basic YWxpY2U6c2VjcmV0", "alice:secret"), ("basic   YWxpY2U6c2VjcmV0", "alice:secret"),
            ("Basic YTpi", "a:b"), ("Basic YTpiYg==", "a:bb"), ("Basic YTpiYg", "a:bb"), ("Basic YTpiYmI", "a:bbb"),
            ("Basic Og==", ":"), ("Basic YWxpY2U=", nil), ("Basic YTp!", nil), ("Basic ", nil), ("Bearer YTpi", nil),
        ] as [(String, String?)]
    )
    func credentials(field: String, expected: String?) {
        let credentials = Credentials(field)
        #expect(credentials.map { "\($0.user):\(String(decoding: $0.password, as: UTF8.self))" } == expected)
    }

    @Test("checks a right password once, and a wrong one again and again")
    func remembers() async throws {
        let middleware = try makeMiddleware("basic_auth_users: { alice: \(Self.hash) }")
        let first = await Self.finished(middleware.handle(Self.request("alice:secret")))
        #expect(first.response?.status == 200 && first.wasDeferred)
        let second = await Self.finished(middleware.handle(Self.request("alice:secret")))
        #expect(second.response?.status == 200 && !second.wasDeferred)
        for _ in 0..<2 {
            let wrong = await Self.finished(middleware.handle(Self.request("alice:secreT")))
            #expect(wrong.response?.status == 401 && wrong.wasDeferred)
        }
    }

    @Test("checks the password of an unknown user as slowly as a known one's", arguments: ["alice:wrong", "eve:wrong"])
    func unknown(credentials: String) async throws {
        let middleware = try makeMiddleware("basic_auth_users: { alice: \(Self.hash) }")
        let refused = await Self.finished(middleware.handle(Self.request(credentials)))
        #expect(refused.response?.status == 401 && refused.wasDeferred)
        let unmatchable = try #require(PasswordHash.unmatchable(cost: 4))
        #expect(!unmatchable.matches(Array("wrong".utf8)) && unmatchable.cost == PasswordHash(Self.hash)?.cost)
    }

    @Test("forgets a password when its hash changes or its user goes")
    func forgets() async throws {
        let text = "basic_auth_users: { alice: \(Self.hash), bob: \(Self.hash) }"
        let web = try WebConfiguration(file: try folder.write("web.yml", text)) { _ in }
        let middleware = Self.makeMiddleware(web)
        for user in ["alice", "bob"] {
            #expect(await Self.finished(middleware.handle(Self.request("\(user):secret"))).response?.status == 200)
        }
        _ = try folder.write("web.yml", "basic_auth_users: { alice: \(Self.otherHash) }")
        web.checkFiles()
        for (credentials, status) in [("alice:secret", 401), ("bob:secret", 401), ("alice:other", 200)] {
            let answer = await Self.finished(middleware.handle(Self.request(credentials)))
            #expect(answer.response?.status == status && answer.wasDeferred, "\(credentials)")
        }
    }

    @Test("turns most of a flood of wrong passwords away while a remembered one passes")
    func flood() async throws {
        let middleware = try makeMiddleware("basic_auth_users: { alice: \(Self.hash) }")
        _ = await Self.finished(middleware.handle(Self.request("alice:secret")))
        let statuses = await withTaskGroup(of: Int.self) { group in
            for number in 0..<200 {
                group.addTask {
                    await Self.finished(middleware.handle(Self.request("eve:\(number)"))).response?.status ?? 0
                }
            }
            let answer = await Self.finished(middleware.handle(Self.request("alice:secret")))
            #expect(answer.response?.status == 200 && !answer.wasDeferred)
            return await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(statuses.isSubset(of: [401, 429]))
    }

    @Test("lets probes pass password and rate limit, and nothing else")
    func openPaths() async throws {
        let text = "{ basic_auth_users: { alice: \(Self.hash) }, rate_limit: { interval: 1h, burst: 1 } }"
        let web = try WebConfiguration(file: try folder.write("web.yml", text)) { _ in }
        let middleware = WebMiddleware(web, openPaths: ["/-/ready"], onRejection: { _ in }) { _, _ in
            .response(.text("in"))
        }
        let statuses = ["/-/ready", "/-/ready", "/metrics", "/metrics", "/-/ready", "/-/ready/"].map { path in
            guard case .response(let response) = middleware.handle(Request(method: "GET", path: path)) else { return 0 }
            return response.status
        }
        #expect(statuses == [200, 200, 401, 429, 200, 429])
    }

    @Test("puts the configured header fields on every answer, in the place of the handler's own")
    func headers() async throws {
        let middleware = try makeMiddleware(
            "{ http_server_config: { headers: { X-Frame-Options: deny } }, rate_limit: { interval: 1h, burst: 1 } }"
        )
        for status in [200, 429] {
            let response = await Self.finished(middleware.handle(Self.request())).response
            #expect(response?.status == status)
            #expect(response?.headers.contains { $0 == ("X-Frame-Options", "deny") } == true)
        }
    }

    @Test("a rate limit lets a burst through and then one per interval")
    func rateLimit() {
        let start = ContinuousClock.now
        let limiter = RequestRateLimiter(RateLimit(interval: .seconds(1), burst: 2), at: start)
        let admitted = [0, 0, 0, 999, 1000, 1000, 9000, 9000, 9000].map { offset in
            limiter.admits(at: start + .milliseconds(offset))
        }
        #expect(admitted == [true, true, false, false, true, false, true, true, false])
    }

    @Test("a hash shows in no text")
    func secrecy() throws {
        let hash = try #require(PasswordHash(Self.hash))
        var dumped = ""
        dump(hash, to: &dumped)
        #expect(!"\(hash) \(String(reflecting: hash)) \(dumped)".contains(Self.hash.suffix(20)))
    }
}
