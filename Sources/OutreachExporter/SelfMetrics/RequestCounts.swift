// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// How many requests each endpoint answered with which status.
final class RequestCounts: Sendable {
    /// An endpoint and a status.
    struct Key: Hashable, Comparable {
        /// The endpoint's path, or `other` for paths that do not exist.
        let handler: String
        /// The status.
        let code: Int

        static func < (left: Key, right: Key) -> Bool {
            (left.handler, left.code) < (right.handler, right.code)
        }
    }

    private let counts = Mutex<[Key: Int]>([:])

    /// Counts a request.
    func add(_ handler: String, _ code: Int) {
        counts.withLock { $0[Key(handler: handler, code: code), default: 0] += 1 }
    }

    /// The counts so far, in a stable order.
    var snapshot: [(key: Key, count: Int)] {
        counts.withLock { Array($0) }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
