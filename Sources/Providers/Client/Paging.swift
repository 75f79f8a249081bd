// SPDX-License-Identifier: Apache-2.0

internal import Collection

/// One page of a paginated list.
struct Page<Item> {
    /// The page's items.
    let items: [Item]
    /// The parameter that requests the next page; `nil` on the last one.
    let next: QueryItem?
    /// The number of items on all pages, where the provider reports it.
    var total: Int?
}

/// Collects the pages of a list, and fails unless the list is complete.
///
/// A campaign that is missing from a list is removed, so an incomplete list must not pass for a complete one.
struct Paginator<Item: Identifiable> where Item.ID == String {
    /// The items so far, one per id.
    private(set) var items: [Item] = []
    private var ids: Set<String> = []
    private var cursors: Set<QueryItem> = []
    private var pagesWithoutNewItems = 0
    private let repeatedCursorEnds: Bool

    private static var maxPages: Int { 1_000 }
    private static var maxPagesWithoutNewItems: Int { 10 }

    /// Creates a paginator.
    ///
    /// - Parameter repeatedCursorEnds: whether the provider repeats the cursor on its last page; an error otherwise.
    init(repeatedCursorEnds: Bool = false) {
        self.repeatedCursorEnds = repeatedCursorEnds
    }

    /// Adds a page and returns the parameter that requests the next one; `nil` after the last.
    ///
    /// - Throws: `APIError.invalid` if the pages repeat, do not end, or end before the announced total.
    mutating func add(_ page: Page<Item>) throws(APIError) -> QueryItem? {
        let count = items.count
        for item in page.items where ids.insert(item.id).inserted { items.append(item) }
        pagesWithoutNewItems = items.count > count ? 0 : pagesWithoutNewItems + 1
        guard let next = page.next else {
            if let total = page.total, items.count < total {
                throw .invalid(status: 200, reason: "listing incomplete: \(items.count) of \(total) rows")
            }
            return nil
        }
        guard cursors.insert(next).inserted else {
            if repeatedCursorEnds && pagesWithoutNewItems == 0 { return nil }
            throw .invalid(status: 200, reason: "paging without end: the cursor does not move")
        }
        guard pagesWithoutNewItems < Self.maxPagesWithoutNewItems, cursors.count < Self.maxPages else {
            throw .invalid(status: 200, reason: "paging without end: \(cursors.count) pages, \(items.count) rows")
        }
        return next
    }

    /// Fetches all pages; `fetch` gets the parameter that requests a page, `nil` for the first.
    static func items(
        repeatedCursorEnds: Bool = false,
        fetch: (QueryItem?) async throws(APIError) -> Page<Item>
    ) async throws(APIError) -> [Item] {
        var paginator = Paginator(repeatedCursorEnds: repeatedCursorEnds)
        var cursor: QueryItem?
        repeat {
            cursor = try paginator.add(try await fetch(cursor))
        } while cursor != nil
        return paginator.items
    }
}
