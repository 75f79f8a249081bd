// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer

/// What a simulated provider says before it becomes bytes, so that faults can still rewrite it.
struct WireAnswer {
    /// The body, as a value or as it goes out.
    enum Body {
        case json(JSON)
        case text(String, type: String)
    }

    var status = 200
    var headers: [(name: String, value: String)] = []
    var body: Body

    /// An answer in JSON.
    static func json(_ body: JSON, status: Int = 200) -> WireAnswer {
        WireAnswer(status: status, body: .json(body))
    }

    /// An answer in plain text.
    static func text(_ text: String, status: Int) -> WireAnswer {
        WireAnswer(status: status, body: .text(text, type: "text/plain; charset=utf-8"))
    }

    /// The answer as it goes out.
    var response: Response {
        switch body {
        case .json(let json):
            let type = (name: "Content-Type", value: "application/json; charset=utf-8")
            return Response(status: status, headers: [type] + headers, body: [json.bytes])
        case .text(let text, let type):
            let type = (name: "Content-Type", value: type)
            return Response(status: status, headers: [type] + headers, body: [Array(text.utf8)])
        }
    }
}
