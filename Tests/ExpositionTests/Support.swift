// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Exposition

extension RenderedSection {
    /// The text of a part that was not compressed.
    var text: String {
        guard case .plain(let chunks) = content else { return "" }
        return String(decoding: chunks.joined(), as: UTF8.self)
    }
}

extension PageBody {
    /// The body as text; for bodies that are not compressed.
    var text: String { String(decoding: chunks.joined(), as: UTF8.self) }
}

extension MetricsPage {
    /// What a scrape gets, whether or not there is something to answer from.
    func scrape(_ format: Format, _ coding: ContentCoding, at now: ContinuousClock.Instant = .now) async -> PageBody {
        if let body = cachedBody(format, coding, at: now) { return body }
        return await body(format, coding)
    }
}

/// What a writer writes in a syntax.
func text(_ syntax: Syntax = .text, _ write: (inout ExpositionWriter) -> Void) -> String {
    var writer = ExpositionWriter(syntax)
    write(&writer)
    return writer.finish().text
}
