// SPDX-License-Identifier: Apache-2.0

import HTTPClient
import Testing

@Suite(.timeLimit(.minutes(1))) struct EnduranceTests {
    @Test("20,000 requests one after the other use one connection and no more memory than the first 2,000")
    func sequence() async {
        await #expect(processExitsWith: .success) {
            try await withServer({ $0.answerAll(#"{"items": []}"#) }) { server in
                let transport = try transport()
                for _ in 0..<2_000 { _ = try await transport.send(HTTPRequest(url: server.url)) }
                let before = try Footprint()
                for _ in 0..<20_000 { _ = try await transport.send(HTTPRequest(url: server.url)) }
                let after = try Footprint()
                #expect(after.memory < before.memory + 1024)
                #expect(after.descriptors <= before.descriptors)
                #expect(server.connections == 1)
            }
        }
    }

    @Test("the last reference takes the thread and the descriptors along")
    func release() async {
        await #expect(processExitsWith: .success) {
            try await withServer({ $0.answerAll() }) { server in
                for _ in 0..<10 { _ = try await transport().send(HTTPRequest(url: server.url)) }
                let before = try Footprint()
                for _ in 0..<200 { _ = try await transport().send(HTTPRequest(url: server.url)) }
                let after = try await Footprint.settled {
                    $0.threads <= before.threads && $0.descriptors <= before.descriptors
                }
                #expect(after.threads <= before.threads)
                #expect(after.descriptors <= before.descriptors)
            }
        }
    }
}
