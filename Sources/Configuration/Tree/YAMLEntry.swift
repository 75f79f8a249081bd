// SPDX-License-Identifier: Apache-2.0

/// A key of a YAML mapping with its value.
package struct YAMLEntry: Sendable, Hashable {
    /// The key's text.
    package let key: String
    /// Where the key starts.
    package let keyPlace: Place
    /// The value.
    package let value: YAMLNode

    /// Joins a key and a value.
    package init(key: String, at keyPlace: Place, value: YAMLNode) {
        self.key = key
        self.keyPlace = keyPlace
        self.value = value
    }
}
