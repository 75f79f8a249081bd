// SPDX-License-Identifier: Apache-2.0

/// A value of a YAML file with the place where it stands.
///
/// An alias is replaced by the value of its anchor, whose places it keeps.
package struct YAMLNode: Sendable, Hashable {
    /// What stands there.
    package enum Value: Sendable, Hashable {
        /// Nothing, or an unquoted `null` or `~`.
        case null
        /// A scalar's text, quotes and escapes resolved.
        case scalar(String)
        /// A list.
        case sequence([YAMLNode])
        /// Keys with their values, in the order of the file; no key appears twice.
        case mapping([YAMLEntry])
    }

    /// What stands there.
    package let value: Value
    /// Where it starts.
    package let place: Place

    /// Puts a value at a place.
    package init(_ value: Value, at place: Place) {
        self.value = value
        self.place = place
    }
}
