// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPServer
import Testing

@testable import Simulator

@Suite struct AuthenticationTests {
    private let client = SimulatorClient()

    private func call(_ path: String, _ headers: [(String, String)], method: String = "GET") throws -> Response {
        let request = Request(method: method, path: path, headers: headers.map { (name: $0.0, value: $0.1) })
        guard case .respond(let response) = client.simulator.respond(to: request) else { throw UnexpectedResponse() }
        return response
    }

    private func basic(_ pair: String) -> (String, String) {
        ("authorization", "Basic " + Data(pair.utf8).base64EncodedString())
    }

    @Test("Without a key each provider says so in its own words")
    func missing() throws {
        let (instantly, lemlist, sendKit) = (
            try call("/instantly/api/v2/accounts", []), try call("/lemlist/api/team", []),
            try call("/sendkit/v1/mailboxes", [])
        )
        #expect(instantly.status == 401)
        #expect(
            instantly.text == #"{"statusCode":401,"error":"Unauthorized","message":"Missing Authorization header"}"#
        )
        #expect(lemlist.status == 400 && lemlist.text == "No API key provided")
        #expect(sendKit.status == 401 && sendKit.text.hasPrefix(#"{"error":"Unauthorized""#))
    }

    @Test("A bad key is refused; lemlist's listing routes call that not found")
    func bad() throws {
        #expect(try call("/instantly/api/v2/campaigns", [("authorization", "Bearer bad-1")]).status == 401)
        #expect(try call("/sendkit/v1/campaigns", [("x-api-key", "bad-1")]).status == 401)
        let disguised = try call("/lemlist/api/campaigns", [basic(":bad-1")])
        #expect(disguised.status == 404 && disguised.text == "No user found for this API key")
        #expect(try call("/lemlist/api/v2/campaigns/cam_1/stats", [basic(":bad-1")]).status == 401)
    }

    @Test("lemlist's user name must be empty, SendKit's key may come as bearer, a platform key names its workspace")
    func forms() throws {
        #expect(try call("/lemlist/api/team", [basic("me:key")]).status == 401)
        #expect(try call("/lemlist/api/team", [basic("key")]).status == 401)
        #expect(try call("/sendkit/v1/mailboxes", [("authorization", "Bearer sk_1")]).status == 200)
        #expect(try call("/sendkit/v1/mailboxes", [("x-api-key", "sk_user_1")]).status == 403)
        let named = [("x-api-key", "sk_user_1"), ("x-workspace-id", "w1")]
        let other = [("x-api-key", "sk_user_1"), ("x-workspace-id", "w2")]
        #expect(try call("/sendkit/v1/mailboxes", named).text != call("/sendkit/v1/mailboxes", other).text)
    }

    @Test("Instantly does not let an unnamed Python in, and lets one key into several workspaces")
    func instantly() throws {
        let key = ("authorization", "Bearer k")
        let path = "/instantly/api/v2/accounts"
        #expect(try call(path, [key, ("user-agent", "Python-urllib/3.12")]).status == 403)
        #expect(try call(path, [key]).text != call(path, [key, ("x-as-workspace", "w2")]).text)
    }

    @Test("Other methods are refused and other paths unknown", arguments: SimulatedProvider.allCases)
    func methods(provider: SimulatedProvider) throws {
        let path = provider.api.listing
        let wrong = try client.call(provider, path, method: "DELETE")
        #expect(wrong.status == 405)
        #expect(wrong.header("Allow") == "GET")
        #expect(try client.call(provider, path + "/some/where/else").status == 404)
    }
}
