// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

/// Makes a provider's message fit for a log: one short line without keys, addresses and control characters.
///
/// Providers repeat the request in their errors, the key in any form included: plain or reversed, in upper case, as hex or
/// base64, percent-encoded, with the escapes of JSON, or only a part of it.
struct MessageSanitizer: Sendable {
    /// Every run of `runLength` bytes of every form of a secret, in lower case; a word with one does not pass.
    private let runs: Set<[UInt8]>
    /// Secrets too short for a run, in lower case.
    private let short: [String]

    /// A shorter run is found in ordinary words too.
    private static let runLength = 12
    private static let maxWordLength = 32
    private static let maxLength = 120

    /// Prepares the forms of the texts that must not appear, not even within a word.
    init(secrets: [String]) {
        let secrets = secrets.filter { !$0.isEmpty }
        short = secrets.filter { $0.utf8.count < Self.runLength }.map { $0.lowercased() }
        runs = Set(secrets.flatMap(Self.forms).flatMap { Self.runs(of: $0) })
    }

    /// At most 120 characters; words with a secret, with an `@`, or longer than 32 characters become `…`.
    func sanitized(_ message: String) -> String {
        let start = String(String.UnicodeScalarView(message.unicodeScalars.prefix(1_000)))
        let words = String(String.UnicodeScalarView(start.unescaped.unicodeScalars.map(Self.printable)))
            .split(separator: " ")
            .map { isSafe($0) ? String($0) : "…" }
        return String(words.joined(separator: " ").prefix(Self.maxLength))
    }

    private func isSafe(_ word: Substring) -> Bool {
        guard word.count <= Self.maxWordLength, !word.contains("@") else { return false }
        let lowered = word.lowercased()
        return runs.isDisjoint(with: Self.runs(of: Array(lowered.utf8))) && !short.contains { lowered.contains($0) }
    }

    /// The bytes that a secret may be repeated as, in lower case.
    private static func forms(of secret: String) -> [[UInt8]] {
        let bytes = Array(secret.utf8)
        let hex = bytes.map { (($0 < 16 ? "0" : "") + String($0, radix: 16)) }.joined()
        // Three offsets: a text in base64 depends on the bytes before it.
        let base64 = (0..<3).map { Data(repeating: 0, count: $0) + bytes }.map { $0.base64EncodedString() }
        let texts = [secret, hex] + base64
        return texts.flatMap { [Array($0.lowercased().utf8), $0.lowercased().utf8.reversed()] }
    }

    private static func runs(of bytes: [UInt8]) -> Set<[UInt8]> {
        guard bytes.count >= runLength else { return [] }
        return Set((0...bytes.count - runLength).map { Array(bytes[$0..<$0 + runLength]) })
    }

    private static func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        scalar.properties.isAlphabetic || (0x20..<0x7F).contains(scalar.value) ? scalar : " "
    }
}

extension String {
    /// The text with `%41` and `\u0041` replaced by the character of that number, once; other text stays.
    fileprivate var unescaped: String {
        var result: [UInt8] = []
        var rest = Array(utf8)[...]
        while let byte = rest.first {
            if let (value, length) = rest.escape {
                result += value
                rest = rest.dropFirst(length)
            } else {
                result.append(byte)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension ArraySlice<UInt8> {
    /// The bytes that the escape at the beginning stands for, and its length.
    fileprivate var escape: (value: [UInt8], length: Int)? {
        switch first {
        case UInt8(ascii: "%"):
            UInt8(String(decoding: dropFirst().prefix(2), as: UTF8.self), radix: 16).map { ([$0], 3) }
        case UInt8(ascii: "\\") where dropFirst().first == UInt8(ascii: "u"):
            UInt32(String(decoding: dropFirst(2).prefix(4), as: UTF8.self), radix: 16).flatMap(Unicode.Scalar.init)
                .map { (Array(String($0).utf8), 6) }
        default: nil
        }
    }
}
