// SPDX-License-Identifier: Apache-2.0

/// A metric family: the name, type and help that its series share.
package struct Family: Sendable, Hashable {
    /// The name that the samples carry, suffix `_total` or `_info` included.
    package let name: String
    /// What kind of number the samples hold.
    package let type: MetricType
    /// One sentence for people: what is counted and at which grain.
    package let help: String

    /// Describes a family.
    package init(_ name: String, _ type: MetricType, _ help: String) {
        self.name = name
        self.type = type
        self.help = help
    }
}
