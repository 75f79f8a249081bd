// SPDX-License-Identifier: Apache-2.0

import Configuration

/// The tree of a text.
func parse(_ text: String) throws(Problems) -> YAMLNode {
    try YAMLNode(parsing: Array(text.utf8))
}
