// SPDX-License-Identifier: Apache-2.0

/// Makes a provider's message fit for a log: one short line without keys, addresses and control characters.
struct MessageSanitizer: Sendable {
    /// Texts that must not appear, not even within a word.
    let secrets: [String]

    private static let maxWordLength = 32
    private static let maxLength = 120

    /// At most 120 characters; words with a secret, with an `@`, or longer than 32 characters become `…`.
    func sanitized(_ message: String) -> String {
        let words = String(String.UnicodeScalarView(message.unicodeScalars.prefix(1_000).map(Self.printable)))
            .split(separator: " ")
            .map { isSafe($0) ? String($0) : "…" }
        return String(words.joined(separator: " ").prefix(Self.maxLength))
    }

    private func isSafe(_ word: Substring) -> Bool {
        word.count <= Self.maxWordLength && !word.contains("@")
            && !secrets.contains { !$0.isEmpty && word.contains($0) }
    }

    private static func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        scalar.properties.isAlphabetic || (0x20..<0x7F).contains(scalar.value) ? scalar : " "
    }
}
