// SPDX-License-Identifier: Apache-2.0

internal import CMicroHTTPD

/// A client's connection within libmicrohttpd.
struct Connection: Sendable {
    /// libmicrohttpd's handle.
    ///
    /// Passed between threads for `resume` alone, which may be called from any, and only once per `suspend`; until then
    /// libmicrohttpd keeps the connection.
    nonisolated(unsafe) private let handle: OpaquePointer

    init(_ handle: OpaquePointer) {
        self.handle = handle
    }

    /// The socket's descriptor, unique among open connections.
    var socket: Int32 { server_socket(handle) }

    /// The GnuTLS session; `nil` if the connection is not encrypted.
    var session: OpaquePointer? { server_session(handle).map { OpaquePointer($0) } }

    /// Leaves the connection alone until `resume`.
    func suspend() { MHD_suspend_connection(handle) }

    /// Has the request handler called again.
    func resume() { MHD_resume_connection(handle) }

    /// The header fields of the request in the order sent; names in lower case.
    func headers() -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        withUnsafeMutablePointer(to: &fields) { list in
            _ = MHD_get_connection_values_n(
                handle,
                .HEADER_KIND,
                { list, _, name, nameLength, value, valueLength in
                    let fields = list?.assumingMemoryBound(to: [(name: String, value: String)].self)
                    let name = UnsafeRawBufferPointer(start: name, count: nameLength)
                    let value = UnsafeRawBufferPointer(start: value, count: valueLength)
                    fields?.pointee.append((lowercase(name), trimmed(value)))
                    return .YES
                },
                list
            )
        }
        return fields
    }

    /// Sends a response; with `end` the connection breaks after that many bytes of the body.
    ///
    /// - Returns: false if it cannot be sent and the connection has to be closed.
    func send(_ response: Response, end: Int? = nil) -> Bool {
        queue(response, end: end) || queue(.invalid)
    }

    private func queue(_ response: Response, end: Int? = nil) -> Bool {
        guard (200...599).contains(response.status), let native = OutgoingBody(response.body, end: end).response()
        else {
            return false
        }
        defer { MHD_destroy_response(native) }
        // libmicrohttpd refuses line breaks in names and values.
        return response.headers.allSatisfy { MHD_add_response_header(native, $0.name, $0.value) == .YES }
            && MHD_queue_response(handle, UInt32(response.status), native) == .YES
    }
}

private func lowercase(_ name: UnsafeRawBufferPointer) -> String {
    String(decoding: name.lazy.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
}

/// The value without the white space behind it; libmicrohttpd has passed over that before it.
private func trimmed(_ value: UnsafeRawBufferPointer) -> String {
    let end = value.lastIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
    return String(decoding: value[..<(end.map { $0 + 1 } ?? 0)], as: UTF8.self)
}
