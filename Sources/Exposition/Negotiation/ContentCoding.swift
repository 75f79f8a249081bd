// SPDX-License-Identifier: Apache-2.0

/// How the body of an answer is encoded.
package enum ContentCoding: String, Sendable, Hashable, CaseIterable {
    /// As it is; the answer has no `Content-Encoding`.
    case identity
    /// Compressed; the answer says `Content-Encoding: gzip`.
    case gzip
}

extension ContentCoding {
    /// Chooses the coding that an `Accept-Encoding` header likes best (RFC 9110 §12.5.3); gzip where it likes both alike.
    ///
    /// Where nothing is acceptable the answer is `identity`, as with other exporters.
    package init(accepting header: String?) {
        let elements = HeaderList(header ?? "").elements
        let weight = { (names: [String]) in elements.first { names.contains($0.value) }?.weight }
        let anything = weight(["*"])
        let gzip = weight(["gzip", "x-gzip"]) ?? anything ?? 0
        // Without a word about it, plain text is acceptable, but less than what is named.
        let identity = weight(["identity"]) ?? anything ?? 0
        self = gzip > 0 && gzip >= identity ? .gzip : .identity
    }
}
