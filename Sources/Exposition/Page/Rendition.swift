// SPDX-License-Identifier: Apache-2.0

/// A way in which the page's bytes are kept: formats that share their bytes share the rendition.
struct Rendition: Sendable, Hashable, Comparable {
    let syntax: Syntax
    let coding: ContentCoding

    /// By name, so that a list of them is stable.
    static func < (left: Rendition, right: Rendition) -> Bool {
        (left.syntax.rawValue, left.coding.rawValue) < (right.syntax.rawValue, right.coding.rawValue)
    }
}
