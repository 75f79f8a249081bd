// SPDX-License-Identifier: Apache-2.0

/// Makes a provider's words fit for a log: one short line without keys, addresses or control characters.
struct ErrorText: Sendable {
    /// What must never be repeated, whole or as a part of a word.
    let secrets: [String]

    private static let longestWord = 32
    private static let longestText = 120

    /// A short line; words that hold a secret or an address, or are long enough to be either, become `…`.
    func cleaned(_ text: String) -> String {
        let words = String(String.UnicodeScalarView(text.unicodeScalars.prefix(1_000).map(Self.printable)))
            .split(separator: " ")
            .map { isSafe($0) ? String($0) : "…" }
        return String(words.joined(separator: " ").prefix(Self.longestText))
    }

    private func isSafe(_ word: Substring) -> Bool {
        word.count <= Self.longestWord && !word.contains("@")
            && !secrets.contains { !$0.isEmpty && word.contains($0) }
    }

    private static func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        scalar.properties.isAlphabetic || (0x20..<0x7F).contains(scalar.value) ? scalar : " "
    }
}
