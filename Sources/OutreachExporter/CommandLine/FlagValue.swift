// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Configuration
internal import HTTPServer
internal import Simulator

/// A type of values on the command line.
protocol FlagValue: Sendable {
    /// What is expected, as the end of a sentence: `a whole number`.
    static var expected: String { get }

    /// Parses a value; `nil` where the text is not one.
    init?(flagText: String)

    /// The text that parses to this value, for defaults in the help.
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

extension UInt64: FlagValue {
    static var expected: String { Int.expected }

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
    static var expected: String {
        "a share N/M with 1 ≤ N ≤ M: 2/3 is the second of three, or auto/M on a host whose name ends in 0 to M-1"
    }

    init?(flagText: String) {
        self.init(flagText, hostName: CrossOriginProtection.systemHostName)
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

extension Flag {
    /// The property of the arguments that holds the value.
    typealias Path<Value> = any WritableKeyPath<Arguments, Value> & Sendable

    /// A flag with the default of its property; a text that does not parse or fit is an error.
    static func value<Value: FlagValue>(
        _ name: String,
        _ placeholder: String,
        _ path: Path<Value>,
        _ help: String,
        expecting expected: String = Value.expected,
        where fits: @escaping @Sendable (Value) -> Bool = { _ in true }
    ) -> Flag {
        let standard = Self.standard(Arguments()[keyPath: path].flagText)
        return Flag(name: name, placeholder: placeholder, standard: standard, help: help) { text, _, arguments in
            guard let value = Value(flagText: text), fits(value) else { return expected }
            arguments[keyPath: path] = value
            return nil
        }
    }

    /// A flag without a default.
    static func optional<Value: FlagValue>(
        _ name: String,
        _ placeholder: String,
        _ path: Path<Value?>,
        _ help: String,
        expecting expected: String = Value.expected,
        where fits: @escaping @Sendable (Value) -> Bool = { _ in true }
    ) -> Flag {
        Flag(name: name, placeholder: placeholder, help: help) { text, _, arguments in
            guard let value = Value(flagText: text), fits(value) else { return expected }
            arguments[keyPath: path] = value
            return nil
        }
    }

    /// A flag that may be given more than once; the first one replaces the default.
    static func list<Value: FlagValue>(
        _ name: String,
        _ placeholder: String,
        _ path: Path<[Value]>,
        _ help: String
    ) -> Flag {
        let standard = Self.standard(Arguments()[keyPath: path].map(\.flagText).joined(separator: ","))
        return Flag(name: name, placeholder: placeholder, standard: standard, repeats: true, help: help) {
            text,
            isFirst,
            arguments in
            guard let value = Value(flagText: text) else { return Value.expected }
            arguments[keyPath: path] = (isFirst ? [] : arguments[keyPath: path]) + [value]
            return nil
        }
    }

    private static func standard(_ text: String) -> String? { text.isEmpty ? nil : text }

    /// A flag without a value.
    static func toggle(_ name: String, short: Character? = nil, _ path: Path<Bool>, _ help: String) -> Flag {
        Flag(name: name, short: short, help: help) { text, _, arguments in
            guard let isOn = Bool(text) else { return "true or false" }
            arguments[keyPath: path] = isOn
            return nil
        }
    }
}
