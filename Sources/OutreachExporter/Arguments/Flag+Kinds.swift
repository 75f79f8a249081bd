// SPDX-License-Identifier: Apache-2.0

extension Flag {
    /// A place for a value in the arguments.
    typealias Path<Value> = any WritableKeyPath<Arguments, Value> & Sendable

    /// A flag with a default; a value of another kind, or one that does not fit, is not what was expected.
    static func value<Value: FlagValue>(
        _ name: String,
        _ placeholder: String,
        _ path: Path<Value>,
        _ help: String,
        expecting expected: String = Value.expected,
        where fits: @escaping @Sendable (Value) -> Bool = { _ in true }
    ) -> Flag {
        let standard = Arguments()[keyPath: path].flagText
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
        let standard = Arguments()[keyPath: path].map(\.flagText).joined(separator: ",")
        return Flag(name: name, placeholder: placeholder, standard: standard, repeats: true, help: help) {
            text,
            isFirst,
            arguments in
            guard let value = Value(flagText: text) else { return Value.expected }
            arguments[keyPath: path] = (isFirst ? [] : arguments[keyPath: path]) + [value]
            return nil
        }
    }

    /// A flag that is there or not.
    static func toggle(_ name: String, short: Character? = nil, _ path: Path<Bool>, _ help: String) -> Flag {
        Flag(name: name, short: short, help: help) { text, _, arguments in
            guard let isOn = Bool(text) else { return "true or false" }
            arguments[keyPath: path] = isOn
            return nil
        }
    }
}
