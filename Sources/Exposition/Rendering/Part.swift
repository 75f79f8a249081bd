// SPDX-License-Identifier: Apache-2.0

package import Compression

/// A rendered stretch of the page.
package struct Part: Sendable {
    /// Its bytes, as they are or compressed.
    package enum Content: Sendable {
        case plain([[UInt8]])
        case deflated(DeflatePiece)
    }

    /// What is sent.
    package let content: Content
    /// How many samples it holds.
    package let seriesCount: Int
}
