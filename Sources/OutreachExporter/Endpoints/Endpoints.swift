// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Exposition
internal import HTTPServer

/// The endpoints: what a path answers.
struct Endpoints: Sendable {
    /// Where the metrics are.
    let telemetryPath: String
    /// The metrics.
    let page: Page
    /// The accounts.
    let fleet: Fleet
    /// The status page of the moment.
    let status: @Sendable () -> StatusPage
    /// Reads the configuration again; returns what is wrong with it.
    let reload: @Sendable () -> SettingsError?
    /// Counts the answers.
    let counts: RequestCounts

    /// Answers a request.
    func answer(to request: Request) -> Server.Answer {
        guard let endpoint = endpoint(at: request.path) else {
            return counted("other", .text("There is nothing here; the metrics are at \(telemetryPath).\n", status: 404))
        }
        guard endpoint.methods.contains(request.method) else {
            let allow = (name: "Allow", value: endpoint.methods.joined(separator: ", "))
            let text = "Only \(allow.value) is possible here.\n"
            return counted(endpoint.name, .text(text, status: 405, headers: [allow]))
        }
        return counted(endpoint.name, endpoint.answer(request))
    }

    private func endpoint(at path: String) -> Endpoint? {
        switch path {
        case telemetryPath: Endpoint(path) { metrics($0) }
        case "/": Endpoint(path) { _ in statusPage() }
        case "/-/healthy": Endpoint(path) { _ in .text("The exporter is healthy.\n") }
        case "/-/ready": Endpoint(path) { _ in ready() }
        case "/-/reload": Endpoint(path, methods: ["POST", "PUT"]) { _ in reloaded() }
        default: nil
        }
    }

    private func counted(_ name: String, _ response: Response) -> Server.Answer {
        counts.add(name, response.status)
        return .response(response)
    }

    private func metrics(_ request: Request) -> Response {
        let type = ContentType(accepting: request.header("accept"))
        let coding = ContentCoding(accepting: request.header("accept-encoding"))
        let body = page.body(type.format, coding)
        var headers = [(name: "Content-Type", value: type.value), (name: "Vary", value: "Accept, Accept-Encoding")]
        if coding == .gzip { headers.append((name: "Content-Encoding", value: "gzip")) }
        return Response(headers: headers, body: body.chunks)
    }

    private func statusPage() -> Response {
        let headers = [
            (name: "Content-Type", value: "text/html; charset=utf-8"),
            (name: "Content-Security-Policy", value: "default-src 'none'; style-src 'unsafe-inline'"),
            (name: "X-Content-Type-Options", value: "nosniff"),
            (name: "Cache-Control", value: "no-store"),
        ]
        return Response(headers: headers, body: [status().bytes])
    }

    private func ready() -> Response {
        fleet.isReady
            ? .text("The exporter is ready.\n")
            : .text("Not every account has been asked once; see the status page at /.\n", status: 503)
    }

    private func reloaded() -> Response {
        guard let error = reload() else { return .text("The configuration was read again.\n") }
        return .text("The configuration stays as it was:\n\(error)\n", status: 500)
    }
}

/// A path that exists.
private struct Endpoint {
    let name: String
    let methods: [String]
    let answer: (Request) -> Response

    init(_ name: String, methods: [String] = ["GET", "HEAD"], answer: @escaping (Request) -> Response) {
        self.name = name
        self.methods = methods
        self.answer = answer
    }
}
