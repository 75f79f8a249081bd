// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Synchronization

/// Collects the values of a response that cannot be the number of their metric, while it is decoded.
final class UnusableValues: Sendable {
    /// The key of `userInfo` under which decoders find it.
    static let key = CodingUserInfoKey(rawValue: "unusableValues")

    /// Longer ids are cut in log lines.
    private static let longestID = 64

    private let found = Mutex<[UnusableValue]>([])

    /// What was found, one entry per route and field.
    var all: [UnusableValue] { found.withLock { $0 } }

    /// Counts a value of a field; `row` identifies the object that has it, if anything does.
    func note(_ route: String, _ field: String, row: @autoclosure () -> String?) {
        found.withLock { found in
            if let index = found.firstIndex(where: { $0.route == route && $0.field == field }) {
                found[index].count += 1
            } else {
                let row = row().map { String($0.prefix(Self.longestID)) }
                found.append(UnusableValue(route: route, field: field, row: row))
            }
        }
    }
}
