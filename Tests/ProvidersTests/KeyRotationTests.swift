// SPDX-License-Identifier: Apache-2.0

import Collection
import HTTPClient
import Outreach
import Synchronization
import Testing

@testable import Providers

@Suite struct KeyRotationTests {
    /// Refuses every key but one.
    private static func transport(accepting key: String) -> RecordingTransport {
        RecordingTransport(
            StubTransport(respond: { request in
                request.headers.contains { $0.value == key }
                    ? .json(["success": true, "data": [], "pagination": ["hasMore": false]])
                    : .json(["success": false, "message": "Invalid API key"])
            })
        )
    }

    private static func source(_ transport: any Transport, _ key: KeySource?) -> any AccountSource {
        let context = ProviderContext(
            gate: RequestGate(),
            transport: transport,
            key: key,
            now: { Timestamp(seconds: 1_787_313_600) }
        )
        return SendKit.source(for: account(), in: context)
    }

    @Test("A refused key is read again at once, and the request sent once more with another one")
    func replaced() async throws {
        let transport = Self.transport(accepting: "sk_new")
        let key = KeySource(Secret("sk_old"), file: "/key") { isUrgent in
            isUrgent ? .key(Secret("sk_new")) : .unchanged
        }
        let source = Self.source(transport, key)
        #expect(try await source.listing().content.isEmpty)
        #expect(transport.requests.map { $0.headers.first?.value } == ["sk_old", "sk_new"])
        _ = try await source.listing()
        #expect(transport.requests.count == 3)
    }

    @Test("A refused key whose file holds no other is refused, after one request")
    func same() async throws {
        let transport = Self.transport(accepting: "sk_new")
        let key = KeySource(Secret("sk_old"), file: "/key") { _ in .key(Secret("sk_old")) }
        let source = Self.source(transport, key)
        let error = await #expect(throws: APIError.self) { _ = try await source.listing() }
        #expect(error?.isRefusal == true)
        #expect(transport.requests.count == 1)
    }
}
