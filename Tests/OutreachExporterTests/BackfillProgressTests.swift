// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import OutreachExporter

/// How far a backfill says it is.
@Suite(.timeLimit(.minutes(30))) struct BackfillProgressTests {
    @Test("The bar counts what an earlier run knew, the remaining time does not")
    func resumed() {
        let progress = BackfillProgress { 12 }
        progress.begin(total: 1000, known: 500)
        #expect(progress.line.hasPrefix("[############            ] 50 %  12 calls, "))
        #expect(progress.line.hasSuffix(", ? left"))
        progress.advance(250)
        #expect(progress.line.hasPrefix("[##################      ] 75 %  12 calls, "))
        #expect(progress.line.hasSuffix(" s left"))
        progress.advance(250)
        #expect(progress.line.hasPrefix("[########################] 100 %  12 calls, "))
        #expect(progress.line.hasSuffix(", 0 s left"))
    }

    @Test("With nothing to ask for it is at its beginning")
    func nothing() {
        let progress = BackfillProgress { 0 }
        #expect(progress.line == "[                        ] 0 %  0 calls, 0.0/s, ? left")
    }
}
