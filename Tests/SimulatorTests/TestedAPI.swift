// SPDX-License-Identifier: Apache-2.0

import Foundation

@testable import Simulator

/// How the tests call a simulated provider.
struct TestedAPI: Sendable {
    /// Every simulated provider; a new one has an entry here.
    static let all: [TestedAPI] = [
        .instantly, .lemlist, .sendkit, .emailbison, .smartlead,
    ]

    let provider: SimulatedProvider
    /// The path of the listing of campaigns, after the base URL.
    let listing: String
    /// The most campaigns on a page of the listing.
    var pageSize = 100
    /// The headers that carry a key.
    var headers: @Sendable (_ key: String) -> [(name: String, value: String)] = { _ in [] }
    /// The parameters of the query that carry a key.
    var query: @Sendable (_ key: String) -> [(String, String)] = { _ in [] }

    static let instantly = TestedAPI(
        provider: .instantly,
        listing: "api/v2/campaigns",
        headers: { [("authorization", "Bearer \($0)")] }
    )
    static let lemlist = TestedAPI(
        provider: .lemlist,
        listing: "campaigns",
        headers: { [("authorization", "Basic \(Data(":\($0)".utf8).base64EncodedString())")] }
    )
    static let sendkit = TestedAPI(provider: .sendkit, listing: "v1/campaigns", headers: { [("x-api-key", $0)] })
}

extension SimulatedProvider {
    /// How the tests call the provider.
    var api: TestedAPI {
        guard let api = TestedAPI.all.first(where: { $0.provider == self }) else {
            fatalError("every simulated provider has an entry in TestedAPI.all")
        }
        return api
    }
}
