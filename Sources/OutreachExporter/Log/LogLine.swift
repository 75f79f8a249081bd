// SPDX-License-Identifier: Apache-2.0

/// A log line on its way from values to bytes.
struct LogLine {
    private let format: LogFormat
    private var bytes: [UInt8] = []

    /// Begins a line.
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

    /// The line with its end.
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
