// SPDX-License-Identifier: Apache-2.0

import Configuration

/// The tree of a text.
func parse(_ text: String) throws(Diagnostics) -> YAMLNode {
    try YAMLNode(parsing: Array(text.utf8))
}
