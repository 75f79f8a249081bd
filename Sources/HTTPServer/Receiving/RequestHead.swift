// SPDX-License-Identifier: Apache-2.0

/// The method, version and header fields of a request, before its body is read.
struct RequestHead: Sendable {
    let method: String
    let version: String
    /// Header fields in the order sent; names in lower case.
    let headers: [(name: String, value: String)]

    /// The answer to a head that must not be believed, `nil` if it is sound.
    ///
    /// libmicrohttpd takes the first of several contradicting fields; a proxy in front may take the last. What two readers
    /// could read differently is therefore refused (RFC 9112 §3.2, §5, §6.1, §6.3).
    func refusal(maxBody: Int) -> Response? {
        guard method.utf8.allSatisfy(Self.isToken), headers.allSatisfy({ Self.isField($0.name, $0.value) }) else {
            return .text("The request is malformed.\n", status: 400)
        }
        return hostRefusal ?? framingRefusal ?? sizeRefusal(maxBody)
    }

    private func values(_ name: String) -> [String] {
        headers.filter { $0.name == name }.map(\.value)
    }

    private var hostRefusal: Response? {
        let hosts = values("host").count
        guard hosts > 1 || hosts == 0 && version != "HTTP/1.0" else { return nil }
        return .text("A request needs one Host field.\n", status: 400)
    }

    private var framingRefusal: Response? {
        let codings = values("transfer-encoding")
        let lengths = values("content-length")
        if lengths.count > 1 || !lengths.isEmpty && !codings.isEmpty || !codings.isEmpty && version == "HTTP/1.0" {
            return .text("The length of the body is ambiguous.\n", status: 400)
        }
        if let coding = codings.first, codings.count > 1 || coding.lowercased() != "chunked" {
            return .text("The only transfer coding is chunked.\n", status: 501)
        }
        return nil
    }

    private func sizeRefusal(_ limit: Int) -> Response? {
        guard let length = values("content-length").first.flatMap(UInt64.init), length > limit else { return nil }
        return .tooLarge(limit: limit)
    }

    private static func isField(_ name: String, _ value: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy(isToken) && !value.utf8.contains(UInt8(ascii: "\r"))
    }

    /// A character of a method or a field name (RFC 9110 §5.6.2).
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
