// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Configuration
internal import Glibc
internal import Outreach
internal import Synchronization

/// The log: lines of `ts`, `level`, `msg` and further attributes.
///
/// Values are written as their descriptions, so that a `Secret` is redacted:
/// `log.info("listening", ["address": ":10447", "tls": false])`. Lines that the reader does not take in time are
/// dropped, and counted in the next line that it takes: logging never blocks the program.
final class Log: Sendable {
    /// Keys and values of a line, in the order of the line.
    typealias Attributes = KeyValuePairs<String, any CustomStringConvertible>

    private let level: LogLevel
    private let format: LogFormat
    private let sink: any LogSink
    private let now: @Sendable () -> Timestamp
    private let dropped = Mutex(0)

    /// Opens a log.
    ///
    /// - Parameters:
    ///   - level: lines below this level are left out.
    ///   - format: how lines are written.
    ///   - sink: where they go.
    ///   - now: the wall clock.
    init(
        level: LogLevel = .info,
        format: LogFormat = .logfmt,
        to sink: any LogSink = StandardError(),
        now: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        self.level = level
        self.format = format
        self.sink = sink
        self.now = now
    }

    /// Logs a detail that helps to find the cause of a fault.
    func debug(_ message: String, _ attributes: Attributes = [:]) {
        write(.debug, message, Array(attributes))
    }

    /// Logs a normal event.
    func info(_ message: String, _ attributes: Attributes = [:]) {
        write(.info, message, Array(attributes))
    }

    /// Logs what may need attention.
    func warn(_ message: String, _ attributes: Attributes = [:]) {
        write(.warn, message, Array(attributes))
    }

    /// Logs what needs action.
    func error(_ message: String, _ attributes: Attributes = [:]) {
        write(.error, message, Array(attributes))
    }

    private func write(_ level: LogLevel, _ message: String, _ attributes: [Attributes.Element]) {
        guard level >= self.level else { return }
        let line = line(level, message, attributes)
        dropped.withLock { dropped in
            if dropped > 0 {
                let note = self.line(
                    .warn,
                    "log lines dropped: nobody read them in time",
                    [(key: "count", value: dropped)]
                )
                guard sink.write(note, waits: false) else {
                    dropped += 1
                    return
                }
                dropped = 0
            }
            dropped += sink.write(line, waits: true) ? 0 : 1
        }
    }

    private func line(_ level: LogLevel, _ message: String, _ attributes: [Attributes.Element]) -> [UInt8] {
        var line = LogLine(format)
        line.add("ts", .text(now().text))
        line.add("level", .text(level.rawValue))
        line.add("msg", .text(message))
        for (key, value) in attributes {
            line.add(key, LogValue(value))
        }
        return line.finished()
    }
}

/// The level of a log line, in rising order.
enum LogLevel: String, Sendable, CaseIterable, Comparable {
    case debug, info, warn, error

    static func < (left: LogLevel, right: LogLevel) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .warn: 2
        case .error: 3
        }
    }
}

enum LogFormat: String, Sendable, CaseIterable {
    case logfmt, json
}

extension LogLevel {
    fileprivate init(_ level: CollectionEvent.Level) {
        switch level {
        case .info: self = .info
        case .warning: self = .warn
        case .error: self = .error
        }
    }
}

extension Log {
    /// Logs an event of an account.
    func write(_ event: CollectionEvent) {
        write(LogLevel(event.level), event.message, event.attributes.map { ($0.name, $0.value) })
    }

    /// Logs why the process cannot start or continue, with a line for each reason; for people at a terminal as text.
    func exit(because error: any Error) {
        if format == .logfmt, isatty(STDERR_FILENO) == 1 { return Output.diagnose("\(error)") }
        for line in "\(error)".split(separator: "\n") {
            self.error("cannot start or continue", ["reason": line.drop { $0 == " " }])
        }
    }

    /// Warns that the limit of open files allows fewer connections than usual.
    func warnOfFewFiles(_ limit: Int, connections: Int) {
        let advice = "raise LimitNOFILE= or ulimit -n"
        warn("few open files are allowed", ["limit": limit, "connections": connections, "advice": advice])
    }

    /// Warns of each file that holds a key and that every user of the machine can read.
    func warnOfOpenKeys(in files: [String]) {
        for file in files where FileAccess.isOpenToAll(file) {
            warn(
                "every user of this machine can read a key",
                ["file": file, "advice": "take the permission away: chmod o= \(file)"]
            )
        }
    }
}
