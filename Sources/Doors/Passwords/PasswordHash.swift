// SPDX-License-Identifier: Apache-2.0

internal import CCrypt

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
