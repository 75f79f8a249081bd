// SPDX-License-Identifier: Apache-2.0

internal import Outreach

extension Step {
    /// The letter of a variant that a provider counts from 0 (`0` → `A`) or names itself (`b` → `B`); `nil` for neither.
    static func variant(_ text: String?) -> String? {
        guard let text else { return nil }
        if let index = Int(text) { return (0..<702).contains(index) ? letter(index) : nil }
        let isLetters = !text.isEmpty && text.utf8.count <= 2 && text.allSatisfy { $0.isASCII && $0.isLetter }
        return isLetters ? text.uppercased() : nil
    }
}
