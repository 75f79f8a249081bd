// SPDX-License-Identifier: Apache-2.0

internal import Collection

/// A listing put together page by page: whole, or a failure.
///
/// Absence from a listing removes a campaign, so a listing that stops early or never stops must not pass for one.
struct Listing<Row: Identifiable> where Row.ID == String {
    /// The rows so far, each id once.
    private(set) var rows: [Row] = []
    private var ids: Set<String> = []
    private var cursors: Set<QueryItem> = []
    private var idlePages = 0
    private let repeatedCursorEnds: Bool

    private static var mostPages: Int { 1_000 }
    private static var mostIdlePages: Int { 10 }

    /// Starts a listing.
    ///
    /// - Parameter repeatedCursorEnds: whether the provider repeats the cursor on its last page; a failure otherwise.
    init(repeatedCursorEnds: Bool = false) {
        self.repeatedCursorEnds = repeatedCursorEnds
    }

    /// Takes a page in and tells what asks for the next one; `nil` at the end.
    ///
    /// - Throws: `APIError.invalid` where the paging goes in circles or ends too early.
    mutating func take(_ page: Page<Row>) throws(APIError) -> QueryItem? {
        let before = rows.count
        for row in page.rows where ids.insert(row.id).inserted { rows.append(row) }
        idlePages = rows.count > before ? 0 : idlePages + 1
        guard let next = page.next else {
            try checkTotal(page.total)
            return nil
        }
        guard cursors.insert(next).inserted else {
            if repeatedCursorEnds && idlePages == 0 { return nil }
            throw .invalid(status: 200, reason: "paging without end: the cursor does not move")
        }
        guard idlePages < Self.mostIdlePages, cursors.count < Self.mostPages else {
            throw .invalid(status: 200, reason: "paging without end: \(cursors.count) pages, \(rows.count) rows")
        }
        return next
    }

    private func checkTotal(_ total: Int?) throws(APIError) {
        guard let total, rows.count < total else { return }
        throw .invalid(status: 200, reason: "listing incomplete: \(rows.count) of \(total) rows")
    }
}

extension Listing {
    /// Fetches every page; `fetch` gets the one that a cursor asks for, without a cursor the first.
    static func all(
        repeatedCursorEnds: Bool = false,
        fetch: (QueryItem?) async throws(APIError) -> Page<Row>
    ) async throws(APIError) -> [Row] {
        var listing = Listing(repeatedCursorEnds: repeatedCursorEnds)
        var cursor: QueryItem?
        repeat {
            cursor = try listing.take(try await fetch(cursor))
        } while cursor != nil
        return listing.rows
    }
}

/// One page of a listing.
struct Page<Row> {
    /// Its rows.
    let rows: [Row]
    /// What asks for the next page; `nil` on the last.
    let next: QueryItem?
    /// How many rows all pages have together, where that is what the paging rests on.
    var total: Int?
}
