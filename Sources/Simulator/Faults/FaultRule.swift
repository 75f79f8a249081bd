// SPDX-License-Identifier: Apache-2.0

/// A fault and where it strikes: `server-error` everywhere, `lemlist:server-error` at one provider.
package struct FaultRule: Sendable, Hashable, CustomStringConvertible {
    /// A name that means no fault or no provider.
    package struct Unknown: Error, Equatable, CustomStringConvertible {
        /// The text that was not understood.
        package let text: String

        /// What is wrong, with all the names that would be right.
        package var description: String {
            let faults = Fault.allCases.map(\.rawValue).joined(separator: ", ")
            let platforms = Platform.allCases.map(\.rawValue).joined(separator: ", ")
            return
                "unknown fault \"\(text)\"; known are \(faults), each alone or behind one of \(platforms) and a colon"
        }
    }

    /// The provider that it strikes, `nil` for all.
    package let platform: Platform?
    /// What goes wrong.
    package let fault: Fault

    /// A fault at one provider or at all.
    package init(_ fault: Fault, on platform: Platform? = nil) {
        self.fault = fault
        self.platform = platform
    }

    /// Reads `name` or `provider:name`.
    package init(_ text: some StringProtocol) throws(Unknown) {
        let parts = String(text).split(separator: ":" as Character, maxSplits: 1, omittingEmptySubsequences: false)
            .map(String.init)
        let platform = parts.count == 2 ? Platform(rawValue: parts[0]) : nil
        guard let name = parts.last, let fault = Fault(rawValue: name), (platform == nil) == (parts.count == 1) else {
            throw Unknown(text: String(text))
        }
        self.init(fault, on: platform)
    }

    /// Reads a list separated by commas, as `--simulator.faults` takes it; empty for none.
    package static func list(_ text: String) throws(Unknown) -> [FaultRule] {
        var rules: [FaultRule] = []
        for part in text.split(separator: "," as Character) {
            rules.append(try FaultRule(part.filter { $0 != " " }))
        }
        return rules
    }

    /// The rule as it is written.
    package var description: String {
        (platform.map { "\($0.rawValue):" } ?? "") + fault.rawValue
    }

    /// Whether it strikes a provider.
    func strikes(_ other: Platform) -> Bool { platform == nil || platform == other }
}
