// SPDX-License-Identifier: Apache-2.0

internal import CCurl

/// The header fields of a request in libcurl's form.
final class FieldList {
    /// The first element, for the handle.
    private(set) var pointer: UnsafeMutablePointer<curl_slist>?

    /// Writes a request's fields down.
    ///
    /// - Throws: `invalidRequest` for a name that is no token and for a value that would end its line.
    init(_ request: HTTPRequest) throws(TransportError) {
        for field in request.headers { try append(try line(field.name, field.value)) }
        // libcurl would call any body a form and ask before it sends a large one: its type is the caller's word.
        for name in ["Content-Type", "Expect"] { try append("\(name):") }
    }

    deinit {
        curl_slist_free_all(pointer)
    }

    private func append(_ line: String) throws(TransportError) {
        guard let longer = curl_slist_append(pointer, line) else { throw .unreachable("no memory for a request") }
        pointer = longer
    }
}

/// A field as libcurl wants it: an empty one ends in a semicolon, since a colon alone means its removal.
private func line(_ name: String, _ value: String) throws(TransportError) -> String {
    guard name.isToken else { throw .invalidRequest("a header name that is no token") }
    guard !value.utf8.contains(where: endsLine) else { throw .invalidRequest("a control character in a header value") }
    return value.utf8.allSatisfy(isBlank) ? "\(name);" : "\(name): \(value)"
}

private func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
}

private func endsLine(_ byte: UInt8) -> Bool {
    (byte < 0x20 && byte != UInt8(ascii: "\t")) || byte == 0x7F
}
