// SPDX-License-Identifier: Apache-2.0

/// A provider's API that the simulator stands in for; the raw value is the first part of its paths.
package enum Platform: String, Sendable, Hashable, CaseIterable {
    case instantly
    case lemlist
    case sendkit

    /// The path that an account's base URL ends with, behind the simulator's address.
    package var path: String {
        switch self {
        case .instantly, .sendkit: "/\(rawValue)"
        case .lemlist: "/lemlist/api"
        }
    }
}
