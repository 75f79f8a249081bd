// SPDX-License-Identifier: Apache-2.0

import Backfill
import Collection
import Synchronization
import Testing

@testable import Providers

@Suite(.timeLimit(.minutes(30))) struct PaginatorTests {
    private static let today = Day(number: 20_000)

    private struct Item: Identifiable, Equatable {
        let id: String
    }

    private static func page(_ ids: [Int], next: String?, total: Int? = nil) -> Page<Item> {
        Page(items: ids.map { Item(id: "\($0)") }, next: next.map { QueryItem("cursor", $0) }, total: total)
    }

    @Test("Pages add up, in their order and each id once")
    func adds() throws {
        var paginator = Paginator<Item>()
        #expect(try paginator.add(Self.page([1, 2], next: "a")) == QueryItem("cursor", "a"))
        #expect(try paginator.add(Self.page([2, 3, 3], next: nil)) == nil)
        #expect(paginator.items.map(\.id) == ["1", "2", "3"])
    }

    @Test("A cursor that was there before ends in failure, new rows or not", arguments: [[1], [2], []])
    func repeated(_ ids: [Int]) throws {
        var paginator = Paginator<Item>()
        _ = try paginator.add(Self.page([1], next: "a"))
        _ = try paginator.add(Self.page([5], next: "b"))
        #expect(throws: APIError.self) { try paginator.add(Self.page(ids, next: "a")) }
    }

    @Test("Where a repeated cursor is the end, it is so only behind new rows")
    func standing() throws {
        var paginator = Paginator<Item>(repeatedCursorEnds: true)
        _ = try paginator.add(Self.page([1], next: "a"))
        var other = paginator
        #expect(try paginator.add(Self.page([2], next: "a")) == nil)
        #expect(throws: APIError.self) { try other.add(Self.page([1], next: "a")) }
    }

    @Test("A few pages may be empty; ten in a row are without end")
    func idle() throws {
        var paginator = Paginator<Item>()
        _ = try paginator.add(Self.page([1], next: "start"))
        for page in 0..<9 { _ = try paginator.add(Self.page([], next: "\(page)")) }
        var other = paginator
        #expect(throws: APIError.self) { try paginator.add(Self.page([1], next: "more")) }
        _ = try other.add(Self.page([2], next: "more"))
        #expect(try other.add(Self.page([], next: nil)) == nil)
    }

    @Test("Any number of pages is fine while they bring new rows")
    func many() throws {
        var paginator = Paginator<Item>()
        for page in 0..<20_000 { _ = try paginator.add(Self.page([page], next: "\(page)")) }
        #expect(try paginator.add(Self.page([20_000], next: nil)) == nil)
        #expect(paginator.items.count == 20_001)
    }

    @Test("Fewer rows than announced are no complete list; more are none of our business")
    func total() throws {
        var short = Paginator<Item>()
        #expect(throws: APIError.invalid(status: 200, reason: "listing incomplete: 1 of 2 rows")) {
            try short.add(Self.page([1], next: nil, total: 2))
        }
        var long = Paginator<Item>()
        #expect(try long.add(Self.page([1, 2], next: nil, total: 1)) == nil)
    }

    @Test("Rows without an id are no repetition of each other, but no progress either")
    func withoutID() throws {
        var paginator = Paginator<Item>()
        let rows = ["", "1", "", "1"].map { Item(id: $0) }
        #expect(try paginator.add(Page(items: rows, next: nil, total: 3)) == nil)
        #expect(paginator.items.count == 3)
        var endless = Paginator<Item>()
        #expect(throws: APIError.self) {
            for number in 0..<20 {
                _ = try endless.add(Page(items: [Item(id: "")], next: QueryItem("page", "\(number)")))
            }
        }
    }

    @Test("Every page is fetched with the cursor of the one before")
    func all() async throws {
        let size = PageSize(of: "/x", AccountFacts(), today: Self.today)
        let rows: [Item] = try await Paginator.items(size) { cursor, _ async throws(APIError) in
            switch cursor?.value {
            case nil: Self.page([1], next: "a")
            case "a": Self.page([2], next: "b")
            default: Self.page([3], next: nil)
            }
        }
        #expect(rows.map(\.id) == ["1", "2", "3"])
    }

    @Test("A page that is too large is fetched again with half the rows, numbered pages from the first")
    func tooLarge() async throws {
        let facts = AccountFacts()
        let size = PageSize(of: "/x", facts, today: Self.today)
        let requests = Mutex<[String]>([])
        let rows: [Item] = try await Paginator.items(size) { cursor, rows async throws(APIError) in
            requests.withLock { $0.append("\(cursor?.value ?? "1"):\(rows)") }
            let number = cursor.flatMap { Int($0.value) } ?? 1
            // Of 80 rows the last one is large.
            let range = (number - 1) * rows..<min(number * rows, 80)
            if range.contains(79), range.count > 15 { throw .tooLarge(reason: "large") }
            let next = range.upperBound < 80 ? QueryItem("page", "\(number + 1)") : nil
            return Page(items: range.map { Item(id: "\($0)") }, next: next)
        }
        #expect(rows.map(\.id) == (0..<80).map(String.init))
        #expect(requests.withLock { $0.prefix(6) } == ["1:100", "1:50", "2:50", "1:25", "2:25", "3:25"])
        #expect(size.rows == 25)
        #expect(PageSize(of: "/x", facts, today: Self.today).rows == 25)
        #expect(PageSize(of: "/x", facts, today: Self.today.advanced(by: 1)).rows == 100)
    }

    @Test("One row that is too large fails the list")
    func singleRow() async {
        let size = PageSize(of: "/x", AccountFacts(), today: Self.today)
        await #expect(throws: APIError.tooLarge(reason: "large")) {
            _ = try await Paginator<Item>.items(size) { _, _ async throws(APIError) in throw .tooLarge(reason: "large")
            }
        }
        #expect(size.rows == 100, "no size is to blame")
    }
}
