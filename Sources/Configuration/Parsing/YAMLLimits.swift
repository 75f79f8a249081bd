// SPDX-License-Identifier: Apache-2.0

/// How much a file may ask for: far above what people write, far below what hurts.
package struct YAMLLimits: Sendable {
    /// The largest file, in bytes.
    package var bytes = 4 << 20
    /// The deepest nesting of lists and mappings.
    package var depth = 32
    /// The most values, with every alias counted as large as its anchor.
    package var values = 500_000

    /// The limits that suit a configuration.
    package init() {}
}
