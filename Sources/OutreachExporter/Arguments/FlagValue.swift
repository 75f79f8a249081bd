// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Configuration
internal import HTTPServer
internal import Simulator

/// A type that stands on the command line as text.
protocol FlagValue: Sendable {
    /// What is expected, as the end of a sentence: `a whole number`.
    static var expected: String { get }

    /// Reads the text; `nil` where it is none of these.
    init?(flagText: String)

    /// The text that reads as this value.
    var flagText: String { get }
}

extension String: FlagValue {
    static var expected: String { "a value" }

    init?(flagText: String) {
        self = flagText
    }

    var flagText: String { self }
}

extension Int: FlagValue {
    static var expected: String { "a whole number" }

    init?(flagText: String) {
        self.init(flagText)
    }

    var flagText: String { "\(self)" }
}

extension Double: FlagValue {
    static var expected: String { "a number" }

    init?(flagText: String) {
        guard flagText.allSatisfy({ $0.isASCII && ($0.isNumber || ".eE+-".contains($0)) }) else { return nil }
        self.init(flagText)
    }

    var flagText: String { Int(exactly: self).map { "\($0)" } ?? "\(self)" }
}

extension ListenAddress: FlagValue {
    static var expected: String { "an address: :10447, 127.0.0.1:10447, [::1]:10447 or unix:///path" }

    init?(flagText: String) {
        self.init(flagText)
    }

    var flagText: String { description }
}

extension [FaultRule]: FlagValue {
    static var expected: String {
        "a list with commas of \(Fault.allCases.map(\.rawValue).joined(separator: ", ")), or provider:fault"
    }

    init?(flagText: String) {
        guard let rules = try? FaultRule.list(flagText) else { return nil }
        self = rules
    }

    var flagText: String { map(\.description).joined(separator: ",") }
}

extension Shard: FlagValue {
    static var expected: String { "a share N/M with 1 ≤ N ≤ M: 2/3 is the second of three" }

    init?(flagText: String) {
        self.init(flagText)
    }

    var flagText: String { "\(number)/\(count)" }
}

extension FlagValue where Self: RawRepresentable<String> & CaseIterable {
    static var expected: String { "one of \(allCases.map(\.rawValue).joined(separator: ", "))" }

    init?(flagText: String) {
        self.init(rawValue: flagText)
    }

    var flagText: String { rawValue }
}

extension LogLevel: FlagValue {}

extension LogFormat: FlagValue {}
