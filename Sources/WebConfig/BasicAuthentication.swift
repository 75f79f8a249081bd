// SPDX-License-Identifier: Apache-2.0

internal import CCrypt
internal import Dispatch
internal import FoundationEssentials
internal import Synchronization

/// A user name and a password of HTTP basic authentication (RFC 7617).
struct Credentials: Sendable {
    /// The `Authorization` field that they were parsed from.
    let field: String
    let user: String
    let password: [UInt8]

    /// Parses an `Authorization` field; `nil` if it holds no basic credentials.
    init?(_ field: String) {
        guard field.prefix(6).lowercased() == "basic ",
            let bytes = Self.decodeBase64(field.dropFirst(6).drop { $0 == " " }),
            let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        self.field = field
        user = String(decoding: bytes[..<colon], as: UTF8.self)
        password = Array(bytes[(colon + 1)...])
    }

    /// Decodes base64 whether or not it is padded.
    private static func decodeBase64(_ text: Substring) -> Data? {
        let digits = text.filter { $0 != "=" }
        return Data(base64Encoded: digits + String(repeating: "=", count: (4 - digits.utf8.count % 4) % 4))
    }
}

/// Checks passwords one at a time on a queue of its own, and caches the last valid `Authorization` field of each user.
///
/// A check is slow on purpose, so the server's threads never wait for one, and only a few clients may: a flood of wrong
/// passwords takes one core, while clients with a cached field pass.
final class PasswordVerifier: Sendable {
    /// The result of a check.
    enum Verdict: Sendable {
        case valid, invalid
        /// Too many other checks are waiting.
        case overloaded
    }

    private struct State {
        var cache: [String: (hash: PasswordHash, field: String)] = [:]
        var pendingCount = 0
    }

    /// The maximum number of checks, waiting and running.
    private let maxPending: Int
    private let queue: DispatchQueue
    private let state = Mutex(State())

    /// Checks on a queue that does one thing at a time.
    init(maxPending: Int, queue: DispatchQueue = DispatchQueue(label: "password-verifier")) {
        self.maxPending = maxPending
        self.queue = queue
    }

    /// The user whose last check had this field and succeeded, and whose hash has not changed since; `nil` for nobody.
    func cachedUser(_ field: String, of users: [String: PasswordHash]) -> String? {
        state.withLock { state in
            state.cache.first { user, valid in haveEqualBytes(valid.field, field) && users[user] == valid.hash }?.key
        }
    }

    /// Checks a password; an unknown user's takes as long as that of the known user with the most costly hash.
    ///
    /// Who is cancelled does not wait: `overloaded`.
    func check(_ credentials: Credentials, of users: [String: PasswordHash]) async -> Verdict {
        let known = users[credentials.user]
        guard let hash = known ?? .unmatchable(cost: users.values.map(\.cost).max() ?? 10) else { return .invalid }
        let isAccepted = state.withLock { state in
            guard state.pendingCount < maxPending else { return false }
            state.pendingCount += 1
            return true
        }
        guard isAccepted else { return .overloaded }
        let (verdicts, verdict) = AsyncStream.makeStream(of: Verdict.self)
        queue.async {
            let isValid = hash.matches(credentials.password) && known != nil
            self.state.withLock { state in
                state.pendingCount -= 1
                if isValid { state.cache[credentials.user] = (hash, credentials.field) }
            }
            verdict.yield(isValid ? .valid : .invalid)
        }
        for await verdict in verdicts { return verdict }
        return .overloaded
    }
}

/// A bcrypt hash of a password; its description is redacted.
package struct PasswordHash: Sendable, Hashable {
    /// The hash in the form of crypt(5): `$2y$10$…`.
    private let text: String

    /// `nil` if the text is no bcrypt hash that libcrypt can check.
    package init?(_ text: String) {
        let form = /\$2[aby]\$(0[4-9]|[12][0-9]|3[01])\$[.\/A-Za-z0-9]{53}/
        guard text.wholeMatch(of: form) != nil else { return nil }
        self.text = text
    }

    /// The binary logarithm of the number of rounds, 4 to 31.
    var cost: Int { Int(text.dropFirst(4).prefix(2)) ?? 0 }

    /// A hash of the given cost that no password matches.
    static func unmatchable(cost: Int) -> PasswordHash? {
        PasswordHash("$2y$\(cost < 10 ? "0" : "")\(cost)$" + String(repeating: ".", count: 53))
    }

    /// Whether the password has this hash; blocks for about a second at cost 14.
    func matches(_ password: [UInt8]) -> Bool {
        // libcrypt would stop at a zero byte.
        guard !password.contains(0) else { return false }
        let data = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
        data.initialize(to: crypt_data())
        defer { data.deallocate() }
        let phrase = password.map { CChar(truncatingIfNeeded: $0) } + [0]
        guard let result = crypt_r(phrase, text, data) else { return false }
        return haveEqualBytes(String(cString: result), text)
    }
}

extension PasswordHash: CustomStringConvertible, CustomReflectable {
    package var description: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(reflecting: description) }
}

/// Compares in a time that depends on the length alone, which prevents timing attacks.
private func haveEqualBytes(_ left: String, _ right: String) -> Bool {
    guard left.utf8.count == right.utf8.count else { return false }
    return zip(left.utf8, right.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
}
