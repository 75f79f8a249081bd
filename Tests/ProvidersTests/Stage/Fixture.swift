// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient

/// A recorded body of a provider's documentation.
enum Fixture {
    /// The body in a file below `Fixtures`.
    static func body(_ name: String) throws -> [UInt8] {
        let file = Bundle.module.bundleURL.appending(path: "Fixtures/\(name).json")
        return Array(try Data(contentsOf: file))
    }

    /// A transport that answers `METHOD /path` with a file, and all else with 404.
    static func transport(_ routes: [String: String]) throws -> StubTransport {
        let bodies = try routes.mapValues(body)
        return StubTransport { request in
            bodies["\(request.method) /\(request.path.joined(separator: "/"))"]
                .map { HTTPResponse(status: 200, body: $0) } ?? .text("Campaign not found", status: 404)
        }
    }
}
