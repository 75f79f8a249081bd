// SPDX-License-Identifier: Apache-2.0

package import Outreach
internal import Synchronization

/// The API key of an account, which the content of its file may replace while the account is collected.
package final class KeySource: Sendable {
    /// What a look at the file found.
    package enum Reading: Sendable, Hashable {
        /// Nothing new, be it a key or a problem.
        case unchanged
        /// The key that it holds now, maybe the same.
        case key(Secret)
        /// It is gone, empty or holds no key, for this reason, which is part of a log line.
        case unusable(String)
    }

    private let key: Mutex<Secret>
    private let file: String
    private let look: @Sendable (_ isUrgent: Bool) async -> Reading

    /// Creates a source.
    ///
    /// - Parameters:
    ///   - key: the key that the file held when the configuration was read.
    ///   - file: the file, for log lines.
    ///   - look: looks whether the file has changed; if it is urgent, it reads the file in any case.
    package init(_ key: Secret, file: String, look: @escaping @Sendable (_ isUrgent: Bool) async -> Reading) {
        self.key = Mutex(key)
        self.file = file
        self.look = look
    }

    package var current: Secret { key.withLock { $0 } }

    /// Takes over a key that the file has got; the old one stays where the file is unusable.
    ///
    /// - Parameter isUrgent: whether the provider has refused the key.
    /// - Returns: what to log, if anything.
    package func refresh(isUrgent: Bool = false) async -> CollectionEvent.Kind? {
        switch await look(isUrgent) {
        case .unchanged: return nil
        case .unusable(let reason): return .keyUnusable(file: file, reason: reason)
        case .key(let new):
            return key.withLock { key in
                defer { key = new }
                return key == new ? nil : .keyReplaced(file: file)
            }
        }
    }
}
