// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import FoundationEssentials
internal import Outreach

/// Builds the bytes of a log line.
struct LogLine {
    private let format: LogFormat
    private var bytes: [UInt8] = []

    init(_ format: LogFormat) {
        self.format = format
    }

    /// Appends a key and its value.
    mutating func add(_ key: String, _ value: LogValue) {
        switch format {
        case .logfmt: bytes += "\(bytes.isEmpty ? "" : " ")\(key)=\(value.logfmt)".utf8
        case .json: bytes += "\(bytes.isEmpty ? "{" : ",")\(key.inQuotes):\(value.json)".utf8
        }
    }

    /// The line with its line break.
    consuming func finished() -> [UInt8] {
        bytes + (format == .json ? "}\n" : "\n").utf8
    }
}

extension LogValue {
    fileprivate var json: String {
        switch self {
        case .bare(let text): text
        case .text(let text): text.inQuotes
        }
    }

    fileprivate var logfmt: String {
        switch self {
        case .bare(let text): text
        case .text(let text): text.needsQuotes ? text.inQuotes : text
        }
    }
}

/// A value of a log line.
enum LogValue: Hashable {
    /// A number or a boolean, which JSON writes without quotes.
    case bare(String)
    case text(String)

    /// Formats a value: the only form of durations in the log is `1m30s`.
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

extension String {
    /// The text as a JSON string, which readers of logfmt understand too.
    ///
    /// Characters that a terminal would interpret or hide are escaped: control and format characters, including
    /// bidirectional marks, and the separators of lines and paragraphs.
    var inQuotes: String {
        var quoted = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": quoted += #"\""#
            case "\\": quoted += #"\\"#
            case "\n": quoted += #"\n"#
            case "\r": quoted += #"\r"#
            case "\t": quoted += #"\t"#
            case _ where scalar.isInvisible: quoted += scalar.escaped
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// Whether logfmt cannot hold the text as it is.
    var needsQuotes: Bool {
        isEmpty
            || unicodeScalars.contains {
                " \"=\\".unicodeScalars.contains($0) || $0.isInvisible || $0.properties.isWhitespace
            }
    }
}

extension Unicode.Scalar {
    /// `\u000a` for each UTF-16 unit.
    fileprivate var escaped: String {
        String(self).utf16.map { unit in
            let digits = String(unit, radix: 16)
            return #"\u"# + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }
}

extension Timestamp {
    /// The current time of the machine's clock.
    static var now: Timestamp { Timestamp(seconds: Date().timeIntervalSince1970) }

    /// The time in UTC with milliseconds, in the format of RFC 3339: `2026-03-14T09:26:53.589Z`.
    var text: String {
        // The format cuts: half a millisecond more keeps a number that is just below its decimal fraction.
        let milliseconds = (seconds * 1000).rounded(.down) + 0.5
        return Date(timeIntervalSince1970: milliseconds / 1000).formatted(Self.format)
    }

    private static let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
}
