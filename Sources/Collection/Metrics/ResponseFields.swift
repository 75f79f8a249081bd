// SPDX-License-Identifier: Apache-2.0

extension AccountRecords {
    /// A provider's field that had a value unknown to this version.
    package struct UnknownField: Sendable, Hashable, Comparable {
        package let provider: String
        package let field: String

        package static func < (left: Self, right: Self) -> Bool {
            (left.provider, left.field) < (right.provider, right.field)
        }
    }

    package struct RouteField: Sendable, Hashable, Comparable {
        package let provider: String
        /// The route pattern.
        package let route: String
        package let field: String

        package static func < (left: Self, right: Self) -> Bool {
            (left.provider, left.route, left.field) < (right.provider, right.route, right.field)
        }
    }

    /// What is known about the fields of responses, each list in the order of the fields.
    package struct Fields: Sendable {
        /// Differs after every change.
        let version: UInt64
        let unknown: [(UnknownField, Int)]
        let unusable: [(RouteField, Int)]
        /// The fields that are or were missing from every row of a response, and whether they are now for any account.
        let missing: [(RouteField, Bool)]
    }
}
