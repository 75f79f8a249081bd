// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPServer
import Synchronization
import Testing

@testable import WebConfig

/// Users who see some accounts only.
@Suite(.timeLimit(.minutes(30))) struct AccountAccessTests {
    /// bcrypt of "secret", cost 4.
    private static let hash = "$2b$04$O9J2WrntIUtVRgo/tTdbfOQvpdnlLbuIS6pxZSizgJoKrw5QZNDoe"

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func passwords(_ users: String...) throws -> String {
        let lines = users.map { "  \($0): \(Self.hash)\n" }.joined()
        return try folder.write("web.yml", "basic_auth_users:\n\(lines)")
    }

    private func accounts(_ text: String) throws -> String {
        try folder.write("accounts.yml", text)
    }

    private func web(
        _ text: String,
        onReload: @escaping @Sendable (Bool) -> Void = { _ in }
    ) throws -> WebConfiguration {
        try WebConfiguration(file: passwords("acme", "root"), accountsFile: accounts(text)) { result in
            onReload((try? result.get()) != nil)
        }
    }

    private static let fine = "users: { acme: [a, 'b c'], root: all }"

    @Test("A user sees the accounts of the list, or all; nobody else sees any")
    func file() throws {
        let settings = try web(Self.fine).settings
        #expect(settings.access(of: "acme") == .only(["a", "b c"]))
        #expect(settings.access(of: "root") == .all)
        #expect(settings.access(of: "eve") == .only([]) && settings.access(of: nil) == .only([]))
        #expect(settings.boundAccounts == ["a", "b c"] && settings.usersWithoutPassword.isEmpty)
        #expect(AccountAccess.only(["a"]).includes("a") && !AccountAccess.only(["a"]).includes("b"))
        let open = try WebConfiguration(file: passwords("acme")) { _ in }.settings
        #expect(open.access(of: "acme") == .all && open.access(of: nil) == .all)
    }

    static let mistakes: [(text: String, message: String)] = [
        ("", "1:1: users is missing"),
        ("users:", "1:1: users is missing"),
        ("users: {}", "1:8: users: \"acme\" of basic_auth_users is missing: list the user's accounts, or write all"),
        ("users: { root: all }", "1:8: users: \"acme\" of basic_auth_users is missing"),
        ("users:\n  root: all\n  acme:", "3:8: acme: it has no value"),
        ("users: { root: all, acme: [] }", "1:27: acme: an empty list shows nothing"),
        ("users: { root: all, acme: a }", "1:27: acme: write a list of accounts here, [one, another], or the word all"),
        ("users: { root: all, acme: { a: b } }", "1:27: acme: write a list of accounts here"),
        ("users: { root: all, acme: [[a]] }", "1:28: acme: write one value here"),
        ("users: { root: all, acme: [a], acme: all }", "duplicate key acme"),
        ("users: [root, acme]", "1:8: users: write keys and values here"),
        ("users: { root: all, acme: [a] }\nuser: {}", "2:1: unknown key \"user\": did you mean users?"),
        ("users: { root: all, acme: [a] ", "accounts.yml"),
    ]

    @Test("Any mistake is an error that says where, and no user sees more for it", arguments: mistakes)
    func invalid(text: String, message: String) throws {
        let error = #expect(throws: WebSettingsError.self) { try web(text) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
        let good = try web(Self.fine)
        _ = try accounts(text)
        good.checkFiles()
        #expect(good.settings.access(of: "acme") == .only(["a", "b c"]))
    }

    @Test("Without passwords there is nobody to bind")
    func noUsers() throws {
        let file = try folder.write("web.yml", "http_server_config: { http2: false }")
        let error = #expect(throws: WebSettingsError.self) {
            try WebConfiguration(file: file, accountsFile: accounts("users: { root: all }")) { _ in }
        }
        #expect(error?.description.contains("the web configuration has no basic_auth_users") == true)
    }

    @Test("A new file holds within a check; one that is gone or does not fit the passwords leaves the old in force")
    func reload() throws {
        let reports = Mutex<[Bool]>([])
        let web = try web(Self.fine) { isGood in reports.withLock { $0.append(isGood) } }
        var acme: AccountAccess {
            web.checkFiles()
            return web.settings.access(of: "acme")
        }
        _ = try accounts("users: { acme: [c], root: all }")
        #expect(acme == .only(["c"]))
        try FileManager.default.removeItem(atPath: "\(folder.path)/accounts.yml")
        #expect(acme == .only(["c"]))
        _ = try accounts("users: { acme: [a], root: all }")
        #expect(acme == .only(["a"]))
        // A password for somebody whose accounts nobody has listed does not hold either.
        _ = try passwords("acme", "root", "eve")
        #expect(acme == .only(["a"]) && web.settings.users["eve"] == nil)
        #expect(web.reload() != nil)
        _ = try accounts("users: { acme: [a], eve: [e], root: all }")
        #expect(acme == .only(["a"]) && web.settings.access(of: "eve") == .only(["e"]))
        // The other way round it is only of no use.
        _ = try passwords("acme", "root")
        #expect(acme == .only(["a"]) && web.settings.usersWithoutPassword == ["eve"])
        #expect(reports.withLock { $0 } == [true, false, true, false, false, true, true])
    }

    @Test("A request is handled for the user whose password it has, at the first check and after it")
    func requests() async throws {
        let web = try web(Self.fine)
        let middleware = WebMiddleware(web, openPaths: ["/-/ready"], onRejection: { _ in }) { _, access in
            .response(.text(access.text))
        }
        for _ in 0..<2 {
            #expect(await text(middleware, "acme:secret") == "a, b c")
            #expect(await text(middleware, "root:secret") == "all")
            #expect(await text(middleware, "acme:wrong") == "Unauthorized\n")
        }
        #expect(await text(middleware, nil, path: "/-/ready") == "")
        #expect(await text(middleware, "root:secret", path: "/-/ready") == "")
    }

    private func text(_ middleware: WebMiddleware, _ credentials: String?, path: String = "/") async -> String {
        let field = credentials.map { ("authorization", "Basic " + Data($0.utf8).base64EncodedString()) }
        let request = Request(method: "GET", path: path, headers: field.map { [$0] } ?? [])
        var result = middleware.handle(request)
        while case .deferred(let make) = result { result = await make() }
        guard case .response(let response) = result else { return "" }
        return String(decoding: response.body.joined(), as: UTF8.self)
    }
}

extension AccountAccess {
    /// The names of what is visible, in their order.
    fileprivate var text: String {
        switch self {
        case .all: "all"
        case .only(let accounts): accounts.sorted().joined(separator: ", ")
        }
    }
}
