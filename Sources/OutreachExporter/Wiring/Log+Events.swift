// SPDX-License-Identifier: Apache-2.0

internal import Collection

extension Log {
    /// Writes what happened to an account.
    func write(_ event: CollectionEvent) {
        note(LogLevel(event.level), event.message, event.attributes)
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
