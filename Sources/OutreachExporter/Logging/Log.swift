// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Configuration
internal import Outreach
internal import Synchronization

/// The log: one line for each thing worth knowing, `ts`, `level` and `msg` first.
///
/// Values print as their descriptions, so that a `Secret` stays one:
/// `log.info("listening", ["address": ":10447", "tls": false])`. Lines that the reader does not take in time are
/// dropped, and counted in the next line that it takes: logging never holds up the work.
final class Log: Sendable {
    /// What belongs to a line, in its order.
    typealias Attributes = KeyValuePairs<String, any CustomStringConvertible>

    private let level: LogLevel
    private let format: LogFormat
    private let sink: any LogSink
    private let now: @Sendable () -> Timestamp
    private let lost = Mutex(0)

    /// Opens a log.
    ///
    /// - Parameters:
    ///   - level: lines that matter less are left out.
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

    /// Notes what helps to understand a fault.
    func debug(_ message: String, _ attributes: Attributes = [:]) {
        write(.debug, message, Array(attributes))
    }

    /// Notes what happens.
    func info(_ message: String, _ attributes: Attributes = [:]) {
        write(.info, message, Array(attributes))
    }

    /// Notes what may need somebody's attention.
    func warn(_ message: String, _ attributes: Attributes = [:]) {
        write(.warn, message, Array(attributes))
    }

    /// Notes what somebody must act on.
    func error(_ message: String, _ attributes: Attributes = [:]) {
        write(.error, message, Array(attributes))
    }

    private func write(_ level: LogLevel, _ message: String, _ attributes: [Attributes.Element]) {
        guard level >= self.level else { return }
        let line = line(level, message, attributes)
        lost.withLock { lost in
            if lost > 0 {
                let note = self.line(
                    .warn,
                    "log lines dropped: nobody read them in time",
                    [(key: "count", value: lost)]
                )
                guard sink.write(note, patiently: false) else {
                    lost += 1
                    return
                }
                lost = 0
            }
            lost += sink.write(line, patiently: true) ? 0 : 1
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

/// How much a log line matters, the least first.
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

/// How log lines are written.
enum LogFormat: String, Sendable, CaseIterable {
    case logfmt, json
}

extension Log {
    /// Writes what happened to an account.
    func write(_ event: CollectionEvent) {
        write(LogLevel(event.level), event.message, event.attributes.map { ($0.name, $0.value) })
    }
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
    /// Warns that the limit of open files bounds the clients.
    func writeFewFiles(_ limit: Int, connections: Int) {
        let advice = "raise LimitNOFILE= or ulimit -n"
        warn("few open files are allowed", ["limit": limit, "connections": connections, "advice": advice])
    }
}

extension Log {
    /// Warns of each file with a key in it that every user of the machine can read.
    func warnOfOpenKeys(in files: [String]) {
        for file in files where FileAccess.isOpenToAll(file) {
            warn(
                "every user of this machine can read a key",
                ["file": file, "advice": "take the permission away: chmod o= \(file)"]
            )
        }
    }
}
