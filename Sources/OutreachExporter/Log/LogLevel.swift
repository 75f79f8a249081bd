// SPDX-License-Identifier: Apache-2.0

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
