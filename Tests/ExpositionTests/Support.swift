// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Exposition

extension Part {
    /// The text of a part that was not compressed.
    var text: String {
        guard case .plain(let chunks) = content else { return "" }
        return String(decoding: chunks.joined(), as: UTF8.self)
    }
}

extension Body {
    /// The body as text; for bodies that are not compressed.
    var text: String { String(decoding: chunks.joined(), as: UTF8.self) }
}

/// What a writer writes in a syntax.
func text(_ syntax: Syntax = .text, _ write: (inout ExpositionWriter) -> Void) -> String {
    var writer = ExpositionWriter(syntax)
    write(&writer)
    return writer.finish().text
}
