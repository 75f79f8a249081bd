// SPDX-License-Identifier: Apache-2.0

/// A method and a path with what answers them.
struct Route {
    let method: String
    private let pattern: [Substring]
    private let handle: @Sendable (Call) throws(Refusal) -> WireAnswer

    /// A route; a part of the pattern that starts with a colon stands for any text: `campaigns/:id/stats`.
    init(_ method: String, _ pattern: String, _ handle: @escaping @Sendable (Call) throws(Refusal) -> WireAnswer) {
        self.method = method
        self.pattern = pattern.split(separator: "/")
        self.handle = handle
    }

    /// The texts that the path has in place of the pattern's variables; `nil` where the path is another.
    func match(_ path: [Substring]) -> [String]? {
        guard path.count == pattern.count else { return nil }
        var texts: [String] = []
        for (part, expected) in zip(path, pattern) {
            if expected.hasPrefix(":") {
                texts.append(String(part))
            } else if part != expected {
                return nil
            }
        }
        return texts
    }

    /// The answer to a call of this route.
    func answer(_ call: Call) -> WireAnswer {
        do {
            return try handle(call)
        } catch {
            return error.answer
        }
    }
}
