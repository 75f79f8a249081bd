// SPDX-License-Identifier: Apache-2.0

package import Exposition

/// Families that describe the same kind of thing.
package struct FamilyGroup: Sendable {
    /// What they describe.
    package let title: String
    /// The labels that every series of the group carries, in their order.
    package let labels: [String]
    /// The families, in the order of the page.
    package let families: [Family]

    /// Puts a group together.
    package init(_ title: String, labels: [String], _ families: [Family]) {
        self.title = title
        self.labels = labels
        self.families = families
    }
}
