// SPDX-License-Identifier: Apache-2.0

internal import Configuration

/// A value of a log line.
enum LogValue: Hashable {
    /// What JSON writes without quotes: a number, `true`, `false`.
    case bare(String)
    /// Anything else.
    case text(String)

    /// Takes a value as its description, and numbers and flags as such.
    init(_ value: any CustomStringConvertible) {
        switch value {
        case let flag as Bool: self = .bare("\(flag)")
        case let number as any BinaryInteger: self = .bare("\(number)")
        case let number as Double where number.isFinite: self = .bare("\(number)")
        case let duration as Duration: self = .text(duration.text)
        default: self = .text(value.description)
        }
    }
}
