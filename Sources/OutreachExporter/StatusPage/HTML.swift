// SPDX-License-Identifier: Apache-2.0

/// Text that is safe to stand in an HTML document.
struct HTML: ExpressibleByStringInterpolation, CustomStringConvertible {
    /// The markup.
    let description: String

    init(stringLiteral markup: String) {
        description = markup
    }

    init(stringInterpolation: Interpolation) {
        description = stringInterpolation.markup
    }

    /// Joins pieces of markup.
    init(_ pieces: [HTML]) {
        description = pieces.map(\.description).joined()
    }

    /// Builds markup: literals as they are, texts escaped, markup as it is.
    struct Interpolation: StringInterpolationProtocol {
        fileprivate var markup = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            markup.reserveCapacity(literalCapacity)
        }

        mutating func appendLiteral(_ literal: String) {
            markup += literal
        }

        mutating func appendInterpolation(_ html: HTML) {
            markup += html.description
        }

        mutating func appendInterpolation(_ text: String) {
            for scalar in text.unicodeScalars {
                markup += HTML.escaped(scalar)
            }
        }

        mutating func appendInterpolation(_ number: Int) {
            markup += String(number)
        }
    }

    /// Markup characters become entities; characters that steer the reader's eye (controls, bidi marks) become visible.
    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        case "\"": "&quot;"
        case "'": "&#39;"
        case "\n", "\t": " "
        case _ where scalar.properties.generalCategory == .control: "\u{FFFD}"
        case "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}", "\u{200E}", "\u{200F}", "\u{061C}": "\u{FFFD}"
        default: String(scalar)
        }
    }
}
