// SPDX-License-Identifier: Apache-2.0

import Collection
import Testing

@testable import Providers

@Suite struct APICallTests {
    @Test("The id fills its place, encoded; the query follows")
    func url() {
        let call = APICall(
            route: "/v1/campaigns/{id}/analytics",
            id: "a/../b?c#d",
            query: [QueryItem("a b", "1&2=3"), QueryItem("ü", "+:@")]
        )
        #expect(
            call.url(under: "https://api.example/x")
                == "https://api.example/x/v1/campaigns/a%2F..%2Fb%3Fc%23d/analytics?a%20b=1%262%3D3&%C3%BC=%2B%3A%40"
        )
    }

    @Test("Unreserved characters stay as they are, all others do not")
    func encoding() {
        #expect("AZaz09-._~".percentEncoded == "AZaz09-._~")
        #expect("\u{0} %\u{7F}/".percentEncoded == "%00%20%25%7F%2F")
    }

    @Test("A body is JSON in a stable order, nothing where there is nothing")
    func body() {
        let call = APICall.post("/x", ["b": ["1/2"], "a": []], for: .campaigns)
        #expect(String(decoding: call.body ?? [], as: UTF8.self) == #"{"a":[],"b":["1/2"]}"#)
    }
}
