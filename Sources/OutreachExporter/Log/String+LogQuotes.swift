// SPDX-License-Identifier: Apache-2.0

internal import Configuration

extension String {
    /// The text as a JSON string, which logfmt's readers understand too.
    ///
    /// Whatever a terminal would act on or hide is escaped: control and format characters, bidirectional marks among
    /// them, and the separators of lines and paragraphs.
    var inQuotes: String {
        var quoted = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": quoted += #"\""#
            case "\\": quoted += #"\\"#
            case "\n": quoted += #"\n"#
            case "\r": quoted += #"\r"#
            case "\t": quoted += #"\t"#
            case _ where scalar.isInvisible: quoted += scalar.escaped
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// Whether logfmt cannot hold the text as it is.
    var needsQuotes: Bool {
        isEmpty
            || unicodeScalars.contains {
                " \"=\\".unicodeScalars.contains($0) || $0.isInvisible || $0.properties.isWhitespace
            }
    }
}

extension Unicode.Scalar {
    /// `\u000a` for each UTF-16 unit.
    fileprivate var escaped: String {
        String(self).utf16.map { unit in
            let digits = String(unit, radix: 16)
            return #"\u"# + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }
}
