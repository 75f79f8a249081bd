// SPDX-License-Identifier: Apache-2.0

internal import Backfill
internal import Collection

struct Page<Item> {
    let items: [Item]
    /// The parameter that requests the next page; `nil` on the last one.
    let next: QueryItem?
    /// The number of items on all pages, where the provider reports it.
    var total: Int?
}

/// The number of rows requested per page of a route, remembered for the account until the end of the day.
///
/// Rows may be so large, with the e-mails' bodies, that a page exceeds the limit of a response; then it is halved. A single
/// answer that was too large must not make every later listing a hundred requests long.
struct PageSize: Sendable {
    private let route: String
    private let facts: AccountFacts
    private let today: Day

    /// The maximum of every provider so far.
    private static let maximum = 100

    init(of route: String, _ facts: AccountFacts, today: Day) {
        self.route = route
        self.facts = facts
        self.today = today
    }

    /// The rows to request, 1 to 100.
    var rows: Int {
        let words = facts[name]?.split(separator: " ") ?? []
        guard words.count == 2, words[1] == "\(today)", let rows = Int(words[0]) else { return Self.maximum }
        return min(max(rows, 1), Self.maximum)
    }

    /// Halves it; false, and forgotten, where a single row is too large.
    func halve() -> Bool {
        let rows = rows
        facts[name] = rows > 1 ? "\(rows / 2) \(today)" : nil
        return rows > 1
    }

    private var name: String { "page_size \(route)" }
}

extension APIClient {
    /// The rows to request per page of a route.
    func pageSize(of route: String) -> PageSize { PageSize(of: route, facts, today: today) }
}

/// Collects the pages of a list, and fails unless the list is complete.
///
/// A campaign that is missing from a list is removed, so an incomplete list must not pass for a complete one.
struct Paginator<Item: Identifiable> where Item.ID == String {
    /// The items so far, one per id, and all that have none.
    private(set) var items: [Item] = []
    private var ids: Set<String> = []
    private var cursors: Set<QueryItem> = []
    private var pagesWithoutNewItems = 0
    private let repeatedCursorEnds: Bool

    /// Lists of 1.5 million rows are known; this bounds the memory that a provider can take.
    private static var maxItems: Int { 5_000_000 }
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
        let count = ids.count
        items += page.items.filter { $0.id.isEmpty || ids.insert($0.id).inserted }
        pagesWithoutNewItems = ids.count > count ? 0 : pagesWithoutNewItems + 1
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
        guard pagesWithoutNewItems < Self.maxPagesWithoutNewItems, items.count < Self.maxItems else {
            throw .invalid(status: 200, reason: "paging without end: \(cursors.count) pages, \(items.count) rows")
        }
        return next
    }

    /// Fetches all pages, smaller ones where a page is too large; `fetch` gets the parameter that requests a page, `nil`
    /// for the first, and the rows to request.
    static func items(
        _ size: PageSize,
        repeatedCursorEnds: Bool = false,
        fetch: (QueryItem?, Int) async throws(APIError) -> Page<Item>
    ) async throws(APIError) -> [Item] {
        var paginator = Paginator(repeatedCursorEnds: repeatedCursorEnds)
        var cursor: QueryItem?
        while true {
            do throws(APIError) {
                cursor = try paginator.add(try await fetch(cursor, size.rows))
                if cursor == nil { return paginator.items }
            } catch {
                guard case .tooLarge = error.kind, size.halve() else { throw error }
                // The numbers of pages count pages of one size: those of the new size start again.
                if cursor?.name == "page" {
                    cursor = nil
                    paginator.cursors = []
                }
            }
        }
    }
}
