// SPDX-License-Identifier: Apache-2.0

internal import CYAML

/// A value of a YAML file with the place where it stands.
package struct YAMLNode: Sendable {
    /// What stands there.
    package enum Value: Sendable {
        /// A scalar's text.
        case scalar(String)
    }
    /// What stands there.
    package let value: Value
}
