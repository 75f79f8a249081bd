// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPServer
import Testing

@testable import WebConfig

@Suite struct DoorkeeperTests {
    /// bcrypt of "secret", cost 4, made with Python's crypt.
    private static let hash = "$2b$04$O9J2WrntIUtVRgo/tTdbfOQvpdnlLbuIS6pxZSizgJoKrw5QZNDoe"

    /// bcrypt of "other", made the same way.
    private static let otherHash = "$2b$04$abcdefghijklmnopqrstuu0HtfOlPbTiymk5tcV.3TsFPDd3SYZqu"

    private static func keeper(_ text: String) throws -> (WebMiddleware, Folder) {
        let folder = try Folder()
        let file = try folder.write("web.yml", text)
        let web = try WebConfiguration(file: file, lookingEvery: .zero) { _ in }
        return (WebMiddleware(web, refused: { _ in }, handler: { .response(.text("in: \($0.path)")) }), folder)
    }

    private static func request(_ credentials: String? = nil) -> Request {
        let field = credentials.map { ("authorization", "Basic " + Data($0.utf8).base64EncodedString()) }
        return Request(method: "GET", path: "/", headers: field.map { [$0] } ?? [])
    }

    private static func finished(_ answer: Server.HandlerResult) async -> (response: Response?, wasLate: Bool) {
        switch answer {
        case .response(let response): (response, false)
        case .later(let make): (await finished(make()).response, true)
        default: (nil, false)
        }
    }

    @Test(
        "lets nobody in without the right password",
        arguments: [
            nil, "alice:wrong", "alice:", "bob:secret", "alice", "alice:secret\0", ":secret",
        ]
    )
    func refuses(credentials: String?) async throws {
        let (keeper, folder) = try Self.keeper("basic_auth_users: { alice: \(Self.hash) }")
        let response = await Self.finished(keeper.answer(to: Self.request(credentials))).response
        #expect(response?.status == 401)
        #expect(response?.headers.contains { $0.name == "WWW-Authenticate" } == true)
        withExtendedLifetime(folder) {}
    }

    @Test("checks a right password once, and a wrong one again and again")
    func remembers() async throws {
        let (keeper, folder) = try Self.keeper("basic_auth_users: { alice: \(Self.hash) }")
        let first = await Self.finished(keeper.answer(to: Self.request("alice:secret")))
        #expect(first.response?.status == 200 && first.wasLate)
        let second = await Self.finished(keeper.answer(to: Self.request("alice:secret")))
        #expect(second.response?.status == 200 && !second.wasLate)
        for _ in 0..<2 {
            let wrong = await Self.finished(keeper.answer(to: Self.request("alice:secreT")))
            #expect(wrong.response?.status == 401 && wrong.wasLate)
        }
        withExtendedLifetime(folder) {}
    }

    @Test("checks the password of an unknown user as slowly as a known one's", arguments: ["alice:wrong", "eve:wrong"])
    func unknown(credentials: String) async throws {
        let (keeper, folder) = try Self.keeper("basic_auth_users: { alice: \(Self.hash) }")
        let refused = await Self.finished(keeper.answer(to: Self.request(credentials)))
        #expect(refused.response?.status == 401 && refused.wasLate)
        let impossible = try #require(PasswordHash.impossible(cost: 4))
        #expect(!impossible.matches(Array("wrong".utf8)) && impossible.cost == PasswordHash(Self.hash)?.cost)
        withExtendedLifetime(folder) {}
    }

    @Test("forgets a password when its hash changes or its user goes")
    func forgets() async throws {
        let (keeper, folder) = try Self.keeper("basic_auth_users: { alice: \(Self.hash), bob: \(Self.hash) }")
        for user in ["alice", "bob"] {
            #expect(await Self.finished(keeper.answer(to: Self.request("\(user):secret"))).response?.status == 200)
        }
        _ = try folder.write("web.yml", "basic_auth_users: { alice: \(Self.otherHash) }")
        for (credentials, status) in [("alice:secret", 401), ("bob:secret", 401), ("alice:other", 200)] {
            let answer = await Self.finished(keeper.answer(to: Self.request(credentials)))
            #expect(answer.response?.status == status && answer.wasLate, "\(credentials)")
        }
    }

    @Test("turns most of a flood of wrong passwords away while a remembered one passes")
    func flood() async throws {
        let (keeper, folder) = try Self.keeper("basic_auth_users: { alice: \(Self.hash) }")
        _ = await Self.finished(keeper.answer(to: Self.request("alice:secret")))
        let statuses = await withTaskGroup(of: Int.self) { group in
            for number in 0..<200 {
                group.addTask {
                    await Self.finished(keeper.answer(to: Self.request("eve:\(number)"))).response?.status ?? 0
                }
            }
            let answer = await Self.finished(keeper.answer(to: Self.request("alice:secret")))
            #expect(answer.response?.status == 200 && !answer.wasLate)
            return await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(statuses.isSubset(of: [401, 429]))
        withExtendedLifetime(folder) {}
    }

    @Test("puts the configured header fields on every answer, in the place of the handler's own")
    func headers() async throws {
        let (keeper, folder) = try Self.keeper(
            "{ http_server_config: { headers: { X-Frame-Options: deny } }, rate_limit: { interval: 1h, burst: 1 } }"
        )
        for status in [200, 429] {
            let response = await Self.finished(keeper.answer(to: Self.request())).response
            #expect(response?.status == status)
            #expect(response?.headers.contains { $0 == ("X-Frame-Options", "deny") } == true)
        }
        withExtendedLifetime(folder) {}
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
