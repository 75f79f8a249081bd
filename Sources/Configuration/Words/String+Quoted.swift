// SPDX-License-Identifier: Apache-2.0

extension StringProtocol {
    /// The text in quotes, on one line and not too long, for a message that shows what somebody wrote.
    package var quoted: String {
        let shown = prefix(80).unicodeScalars.map { $0.isInvisible ? "\\u{\(String($0.value, radix: 16))}" : "\($0)" }
        return "\"\(shown.joined())\(count > 80 ? "…" : "")\""
    }
}

extension Unicode.Scalar {
    /// Whether a terminal or browser acts on it or hides it: control and format characters, separators of lines.
    package var isInvisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
