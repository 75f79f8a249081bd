// SPDX-License-Identifier: Apache-2.0

/// A page of a SendKit listing: an opaque cursor, an empty page behind the first, and a cursor behind the last.
struct SendKitPage<Row> {
    let rows: [Row]
    let pagination: JSON

    /// Cuts the page that `cursor` and `limit` name out of the rows.
    init(of rows: [Row], _ call: Call) throws(Refusal) {
        let limit = min(100, call.query("limit").flatMap { Int($0) } ?? 25)
        let cursor = SendKitPage.Cursor(call.query("cursor"))
        guard let cursor, limit > 0 else {
            throw Refusal(answer: SendKitAPI.error(400, "Bad Request", "Invalid cursor or limit"))
        }
        let listing = Listing(rows: rows, faults: call.faults)
        let broken = SendKitAPI.refusal(.serverError)
        let page: (rows: [Row], more: Bool) =
            cursor.isGap ? ([], true) : try listing.page(from: cursor.offset, limit: limit, or: broken)
        let next = Cursor(offset: cursor.offset + page.rows.count, isGap: cursor.offset == 0 && page.more)
        self.rows = page.rows
        pagination = [
            "limit": .int(limit), "total": .int(rows.count), "hasMore": .bool(page.more),
            "nextCursor": .string(next.text),
        ]
    }

    private struct Cursor {
        let offset: Int
        /// Whether the page is empty although rows follow.
        let isGap: Bool

        var text: String { (isGap ? "g" : "c") + String(offset, radix: 36) }

        init(offset: Int, isGap: Bool) {
            self.offset = offset
            self.isGap = isGap
        }

        init?(_ text: String?) {
            guard let text else {
                self.init(offset: 0, isGap: false)
                return
            }
            guard let offset = Int(text.dropFirst(), radix: 36), offset >= 0, "gc".contains(text.prefix(1)) else {
                return nil
            }
            self.init(offset: offset, isGap: text.hasPrefix("g"))
        }
    }
}
