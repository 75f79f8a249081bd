// SPDX-License-Identifier: Apache-2.0

/// How a field's value becomes a number in base units.
enum FieldUnit: Sendable {
    /// As it is.
    case number
    /// From 0 to 100; becomes 0 to 1.
    case percent
    /// True or false; becomes 1 or 0.
    case flag
    /// ISO 8601 text; becomes seconds since the epoch.
    case moment

    /// The number; `nil` for what cannot be one, or is negative: nothing we count can be.
    func read(_ scalar: Scalar) -> Double? {
        let value: Double? =
            switch self {
            case .number: scalar.number
            case .percent: scalar.number.map { $0 / 100 }
            case .flag: scalar.flag.map { $0 ? 1 : 0 }
            case .moment: scalar.moment
            }
        return value.flatMap { $0 >= 0 ? $0 : nil }
    }
}
