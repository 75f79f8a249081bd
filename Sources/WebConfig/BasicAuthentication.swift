// SPDX-License-Identifier: Apache-2.0

internal import CCrypt
internal import Glibc
internal import Synchronization

/// A name and a password, as a client sends them (RFC 7617).
struct Credentials: Sendable {
    /// The field that they were read from.
    let field: String
    let user: String
    let password: [UInt8]

    /// Reads an `Authorization` field; `nil` if it holds no basic credentials.
    init?(_ field: String) {
        guard field.prefix(6).lowercased() == "basic ",
            let bytes = Self.decoded(field.dropFirst(6).drop { $0 == " " }.utf8),
            let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        self.field = field
        user = String(decoding: bytes[..<colon], as: UTF8.self)
        password = Array(bytes[(colon + 1)...])
    }

    /// What base64 stands for.
    private static func decoded(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var (bits, count) = (UInt32(0), 0)
        for byte in text where byte != UInt8(ascii: "=") {
            guard let value = alphabet.firstIndex(of: byte) else { return nil }
            bits = (bits << 6 | UInt32(value)) & 0xFFFF
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
}

/// Checks passwords one after the other on a thread of its own, and remembers the last good field of each user.
///
/// A check is slow on purpose. The server's threads never wait for one, and only a few clients may: a flood of wrong
/// passwords costs one core and a few places, while those whose password is remembered pass.
final class PasswordVerifier: Sendable {
    /// What became of a check.
    enum Verdict: Sendable {
        case right, wrong, tooMany
    }

    private struct Check {
        let credentials: Credentials
        let hash: PasswordHash
        let isKnown: Bool
        let done: CheckedContinuation<Verdict, Never>
    }

    private struct State {
        var good: [String: (hash: PasswordHash, field: String)] = [:]
        var line: [Check] = []
        var isWorking = false
    }

    /// How many checks wait at most.
    private static let places = 8
    private let state = Mutex(State())

    /// Whether this field was good the last time that it was checked, and its user has the same hash still.
    func remembers(_ field: String, of users: [String: PasswordHash]) -> Bool {
        state.withLock { state in
            state.good.contains { user, good in haveEqualBytes(good.field, field) && users[user] == good.hash }
        }
    }

    /// Checks a password; an unknown user's costs as much time as the most costly known one's.
    func check(_ credentials: Credentials, of users: [String: PasswordHash]) async -> Verdict {
        let known = users[credentials.user]
        let cost = users.values.map(\.cost).max() ?? 10
        guard let hash = known ?? .impossible(cost: cost) else { return .wrong }
        return await withCheckedContinuation { done in
            take(Check(credentials: credentials, hash: hash, isKnown: known != nil, done: done))
        }
    }

    private func take(_ check: Check) {
        let (isTaken, needsThread) = state.withLock { state in
            guard state.line.count < Self.places else { return (false, false) }
            state.line.append(check)
            defer { state.isWorking = true }
            return (true, !state.isWorking)
        }
        guard isTaken else { return check.done.resume(returning: .tooMany) }
        guard needsThread, !startThread({ self.work() }) else { return }
        let waiting = state.withLock { state in
            defer { (state.line, state.isWorking) = ([], false) }
            return state.line
        }
        for check in waiting { check.done.resume(returning: .tooMany) }
    }

    /// Works until nobody waits.
    private func work() {
        while let check = next() {
            let isRight = check.hash.matches(check.credentials.password) && check.isKnown
            if isRight {
                let credentials = check.credentials
                state.withLock { $0.good[credentials.user] = (check.hash, credentials.field) }
            }
            check.done.resume(returning: isRight ? .right : .wrong)
        }
    }

    private func next() -> Check? {
        state.withLock { state in
            guard state.line.isEmpty else { return state.line.removeFirst() }
            state.isWorking = false
            return nil
        }
    }
}

/// A bcrypt hash of a password; it never shows in a text.
package struct PasswordHash: Sendable, Hashable {
    /// The hash as crypt(5) writes it: `$2y$10$…`.
    private let text: String

    /// Takes a hash; `nil` if it is none that libcrypt could check.
    package init?(_ text: String) {
        let shape = /\$2[aby]\$(0[4-9]|[12][0-9]|3[01])\$[.\/A-Za-z0-9]{53}/
        guard text.wholeMatch(of: shape) != nil else { return nil }
        self.text = text
    }

    /// The logarithm of the work that a check costs.
    var cost: Int { Int(text.dropFirst(4).prefix(2)) ?? 0 }

    /// A hash that costs as much to check, and that no password has.
    static func impossible(cost: Int) -> PasswordHash? {
        PasswordHash("$2y$\(cost < 10 ? "0" : "")\(cost)$" + String(repeating: ".", count: 53))
    }

    /// Whether it is the hash of this password: work for a thread of its own.
    func matches(_ password: [UInt8]) -> Bool {
        // To libcrypt a password ends at its first zero byte.
        guard !password.contains(0) else { return false }
        let space = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
        space.initialize(to: crypt_data())
        defer { space.deallocate() }
        let phrase = password.map { CChar(bitPattern: $0) } + [0]
        guard let result = crypt_r(phrase, text, space) else { return false }
        return haveEqualBytes(String(cString: result), text)
    }
}

extension PasswordHash: CustomStringConvertible, CustomReflectable {
    package var description: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(reflecting: description) }
}

/// Compares without telling by its time where the first difference is.
func haveEqualBytes(_ left: String, _ right: String) -> Bool {
    guard left.utf8.count == right.utf8.count else { return false }
    return zip(left.utf8, right.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
}

/// The work of a thread, in a box that travels through C.
private final class Work: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }
}

/// Starts a detached thread; false if the system has none left.
func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
    // pthread takes one pointer: a retained box, handed over to exactly one reader.
    let work = Unmanaged.passRetained(Work(body))
    var thread = pthread_t()
    guard pthread_create(&thread, nil, run, work.toOpaque()) == 0 else {
        work.release()
        return false
    }
    pthread_detach(thread)
    return true
}

private func run(_ work: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let work { Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body() }
    return nil
}
