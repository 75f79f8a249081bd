// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Exposition
internal import HTTPServer
internal import Outreach
internal import WebConfig

struct Endpoints: Sendable {
    /// The prefix of all paths; empty, or with a slash at its start and none at its end.
    let prefix: String
    /// The path of the metrics page, behind the prefix.
    let telemetryPath: String
    let page: MetricsPage
    /// Whether the server takes TLS connections only.
    let isSecure: Bool
    /// Says whether the accounts have been collected.
    let manager: CollectionManager
    /// The accounts, in any order.
    let accounts: @Sendable () -> [AccountStatus]
    /// Makes the current status page for a client that may see so much.
    let status: @Sendable (AccountAccess) -> StatusPage
    /// Reloads the configuration; returns what stays as it was and why, or `nil`.
    let reload: @Sendable () async -> String?
    let counts: RequestCounts
    /// Chooses format and content coding.
    let negotiator = ContentNegotiator()
    /// Refuses what web pages in a browser send.
    let crossOrigin: CrossOriginProtection

    /// Handles a request of a client that may see so much.
    func answer(to request: Request, for access: AccountAccess) -> Server.HandlerResult {
        if !prefix.isEmpty, ["/", prefix].contains(request.path) {
            let location = [(name: "Location", value: prefix + "/")]
            return counted("other", .response(.text("See \(prefix)/.\n", status: 302, headers: location)))
        }
        let path = request.path.hasPrefix(prefix) ? String(request.path.dropFirst(prefix.count)) : nil
        guard let endpoint = path.flatMap({ endpoint(at: $0, for: access) }) else {
            let text = "There is nothing here; the metrics are at \(prefix)\(telemetryPath).\n"
            return counted("other", .response(.text(text, status: 404)))
        }
        guard access == .all || endpoint.isForEveryUser else {
            return counted(endpoint.name, .response(.text("This is for users who see all accounts.\n", status: 403)))
        }
        let allow = (name: "Allow", value: (endpoint.methods + ["OPTIONS"]).joined(separator: ", "))
        if request.method == "OPTIONS" {
            return counted(endpoint.name, .response(Response(status: 204, headers: [allow])))
        }
        guard endpoint.methods.contains(request.method) else {
            let text = "Only \(allow.value) is possible here.\n"
            return counted(endpoint.name, .response(.text(text, status: 405, headers: [allow])))
        }
        if let rejection = crossOrigin.rejection(of: request) { return counted(endpoint.name, .response(rejection)) }
        return counted(endpoint.name, endpoint.answer(request))
    }

    /// The paths of probes, behind the prefix.
    static let probes = ["/-/healthy", "/-/ready"]

    private func endpoint(at path: String, for access: AccountAccess) -> Endpoint? {
        switch path {
        case telemetryPath: Endpoint(name: path, isForEveryUser: true) { metrics($0, for: access) }
        case "/sd": Endpoint(name: path, isForEveryUser: true) { .response(targets(for: $0, access)) }
        case "/": Endpoint(name: path, isForEveryUser: true) { _ in .response(statusPage(for: access)) }
        case "/-/healthy":
            Endpoint(name: path, isForEveryUser: true) { _ in .response(.text("The exporter is healthy.\n")) }
        case "/-/ready": Endpoint(name: path, isForEveryUser: true) { _ in .response(ready()) }
        case "/-/reload":
            Endpoint(name: path, methods: ["POST", "PUT"]) { _ in .deferred { .response(await reloaded()) } }
        default: nil
        }
    }

    private func accounts(for access: AccountAccess) -> [AccountStatus] {
        accounts().filter { access.includes($0.account.name) }
    }

    private func counted(_ name: String, _ result: Server.HandlerResult) -> Server.HandlerResult {
        result.map { response in
            counts.add(name, response.status)
            return response
        }
    }

    /// The metrics page, at once where it is rendered; the first scrape in a format, and one of selected accounts, waits
    /// without blocking a thread.
    ///
    /// There is no `ETag` and no `Last-Modified`: with processor time and memory the page differs in every scrape, and a
    /// conditional request would never save anything.
    private func metrics(_ request: Request, for access: AccountAccess) -> Server.HandlerResult {
        let (type, coding) = negotiator.negotiate(
            accept: request.header("accept"),
            acceptEncoding: request.header("accept-encoding")
        )
        do throws(SelectionError) {
            let known = request.query.isEmpty && access == .all ? [] : accounts(for: access).map(\.account)
            if let selection = try AccountSelection(request.query, among: known, isEverything: access == .all) {
                let (names, includesSelf) = (selection.accounts, selection.includesSelf)
                return .deferred {
                    let body = await page.body(type.format, coding, of: names, includesSelf: includesSelf)
                    return .response(Response(body, type, coding))
                }
            }
        } catch {
            return .response(error.response)
        }
        if let body = page.cachedBody(type.format, coding) { return .response(Response(body, type, coding)) }
        return .deferred { .response(Response(await page.body(type.format, coding), type, coding)) }
    }

    private func targets(for request: Request, _ access: AccountAccess) -> Response {
        ServiceDiscovery(
            metricsPath: prefix + telemetryPath,
            isSecure: isSecure,
            accounts: accounts(for: access),
            includesExporter: access == .all
        )
        .response(to: request)
    }

    private func statusPage(for access: AccountAccess) -> Response {
        Response(headers: Self.pageHeaders, body: [status(access).bytes])
    }

    /// The page runs no script, loads nothing, sends no form, and no other page may show it in a frame.
    private static let pageHeaders = [
        (name: "Content-Type", value: "text/html; charset=utf-8"),
        (
            name: "Content-Security-Policy",
            value: "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
                + "frame-ancestors 'none'"
        ),
        (name: "X-Content-Type-Options", value: "nosniff"),
        (name: "X-Frame-Options", value: "DENY"),
        (name: "Referrer-Policy", value: "no-referrer"),
        (name: "Cache-Control", value: "no-store"),
    ]

    private func ready() -> Response {
        manager.isReady
            ? .text("The exporter is ready.\n")
            : .text("Accounts are in their first 30 seconds; see the status page.\n", status: 503)
    }

    private func reloaded() async -> Response {
        guard let error = await reload() else { return .text("The configuration was read again.\n") }
        return .text("\(error)\n", status: 500)
    }
}

/// A path with its methods and its handler.
private struct Endpoint {
    let name: String
    var methods = ["GET", "HEAD"]
    /// Whether users who see some accounts only may request it too: what it returns depends on the accounts they see.
    var isForEveryUser = false
    let answer: (Request) -> Server.HandlerResult
}

extension Response {
    fileprivate init(_ body: PageBody, _ type: ContentType, _ coding: ContentCoding) {
        self.init(
            headers: [(name: "Content-Type", value: type.value), (name: "Vary", value: "Accept, Accept-Encoding")],
            body: body.chunks
        )
        if coding == .gzip { headers.append((name: "Content-Encoding", value: "gzip")) }
    }
}
