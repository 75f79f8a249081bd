// SPDX-License-Identifier: Apache-2.0

/// A response as it came over the wire.
struct RawResponse {
    let status: Int
    let headers: [(name: String, value: String)]
    var body: [UInt8]

    init(head: String, body: [UInt8]) {
        let lines = head.split(separator: "\r\n")
        status = lines.first.flatMap { Int($0.split(separator: " ")[1]) } ?? 0
        headers = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (parts[0].lowercased(), String(parts[1].drop { $0 == " " }))
        }
        self.body = body
    }

    subscript(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }

    var length: Int { self["content-length"].flatMap { Int($0) } ?? 0 }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The head and what follows it, once the head is complete.
    static func split(_ bytes: [UInt8]) -> (head: String, body: [UInt8])? {
        guard bytes.suffix(4) == [13, 10, 13, 10] else { return nil }
        return (String(decoding: bytes, as: UTF8.self), [])
    }
}
