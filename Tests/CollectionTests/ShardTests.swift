// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Collection

@Suite struct ShardTests {
    @Test("Every account is in exactly one share, and the shares are about equal")
    func partition() throws {
        let names = (0..<3000).map { "account-\($0)" }
        let shards = (1...3).compactMap { Shard($0, of: 3) }
        for name in names { #expect(shards.filter { $0.contains(name) }.count == 1) }
        for shard in shards { #expect((900...1100).contains(names.filter(shard.contains).count)) }
    }

    @Test("One more exporter moves only the accounts that it takes over")
    func growth() throws {
        let three = (1...3).compactMap { Shard($0, of: 3) }
        let four = (1...4).compactMap { Shard($0, of: 4) }
        for name in (0..<1000).map({ "account-\($0)" }) {
            let before = three.firstIndex { $0.contains(name) }
            let after = four.firstIndex { $0.contains(name) }
            #expect(after == before || after == 3)
        }
    }

    @Test("The shares are the same in every version")
    func stable() {
        let shard = ["acme", "globex", "initech", "umbrella", "hooli"].map { name in
            (1...4).first { Shard($0, of: 4)?.contains(name) == true }
        }
        #expect(shard == [4, 1, 4, 1, 3])
    }

    @Test(
        "Reads N/M with N from 1 to M",
        arguments: [
            ("1/1", true), ("2/3", true), ("0/3", false), ("4/3", false), ("1", false), ("a/b", false),
            ("1/2/3", false), ("1/1000000", true), ("1/9223372036854775807", false),
            ("", false), ("-1/2", false),
        ]
    )
    func text(text: String, isValid: Bool) {
        #expect((Shard(text) != nil) == isValid)
    }

    @Test(
        "Reads auto/M with the number from the end of the host name, which counts from 0",
        arguments: [
            ("exporter-0", 1), ("exporter-2", 3), ("exporter-2.exporters.monitoring.svc", 3), ("e10", nil),
            ("exporter-3", nil), ("exporter", nil), ("", nil), ("1-exporter", nil), ("7", nil), ("2", 3),
            ("e99999999999999999999", nil),
        ] as [(String, Int?)]
    )
    func ordinal(hostName: String, number: Int?) {
        #expect(Shard("auto/3", hostName: hostName)?.number == number)
    }
}
