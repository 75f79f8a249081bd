// SPDX-License-Identifier: Apache-2.0

package import Exposition

/// Families of collected data: their help says how fresh the numbers are.
extension Family {
    /// A total that a provider keeps.
    static func counter(_ name: String, _ help: String) -> Family {
        Family(name, .counter, help + refreshed)
    }

    /// A number of a provider that moves both ways.
    static func gauge(_ name: String, _ help: String, labels: [String] = []) -> Family {
        Family(name, .gauge, help + refreshed, labels: labels)
    }

    /// Names and other texts of a provider.
    static func info(_ name: String, _ help: String, labels: [String]) -> Family {
        Family(name, .info, help + refreshed, labels: labels)
    }

    /// The end of every help text about collected data.
    package static var refreshed: String { " Refreshed once per collection interval." }
}
