// SPDX-License-Identifier: Apache-2.0

/// A name and value of a URL's query, not yet encoded.
struct QueryItem: Sendable, Hashable {
    let name: String
    let value: String

    /// Names a value.
    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// `name=value`, percent-encoded.
    var encoded: String { "\(name.percentEncoded)=\(value.percentEncoded)" }
}
