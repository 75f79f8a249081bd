// SPDX-License-Identifier: Apache-2.0

/// A successful answer of an API.
package struct Reply: Sendable {
    /// The status, 200 to 299.
    package let status: Int
    /// The body, content encoding removed.
    package let body: [UInt8]

    /// Describes an answer.
    package init(status: Int = 200, body: [UInt8]) {
        self.status = status
        self.body = body
    }
}
