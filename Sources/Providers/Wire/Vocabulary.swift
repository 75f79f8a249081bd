// SPDX-License-Identifier: Apache-2.0

/// A provider's codes in a field and what they stand for.
struct Vocabulary<Word: Sendable>: Sendable {
    /// The name under which unknown codes are counted.
    let field: String
    /// What a code outside the table stands for.
    let unknown: Word
    /// What the codes stand for.
    let words: [String: Word]

    /// What a code stands for; one outside the table is noted in `unknownFields`.
    func word(for code: String?, noting unknownFields: inout [String]) -> Word? {
        guard let code else { return nil }
        if let word = words[code] { return word }
        unknownFields.append(field)
        return unknown
    }
}

extension String {
    /// A provider's word as ours are written: `WARMING UP` → `warming_up`.
    var asWord: String {
        String(lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 })
    }
}
