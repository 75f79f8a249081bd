// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import OutreachExporter

@Suite struct CatalogueDocumentTests {
    @Test("docs/metrics.md is what the program writes: outreach-exporter catalogue > docs/metrics.md")
    func document() throws {
        let path = FileManager.default.currentDirectoryPath + "/docs/metrics.md"
        #expect(try String(contentsOfFile: path, encoding: .utf8) == CatalogueDocument.complete.markdown)
    }

    @Test("every table has as many cells in each row as in its head")
    func tables() {
        for section in CatalogueDocument.complete.markdown.split(separator: "\n## ") {
            let rows = section.split(separator: "\n").filter { $0.hasPrefix("|") }
            #expect(Set(rows.map { $0.split(separator: "|", omittingEmptySubsequences: false).count }).count <= 1)
        }
    }
}
