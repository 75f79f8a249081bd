// SPDX-License-Identifier: Apache-2.0

/// Selects pages of a listing, with the faults `endless-cursor` and `partial-list`.
struct PageSlice<Row> {
    let rows: [Row]
    let faults: Set<Fault>
    /// Whether only a page shorter than its limit marks the end of the listing.
    var endsWithShortPage = false

    /// The rows of a page, and whether more follow.
    ///
    /// - Throws: `broken` for a page that `partial-list` breaks.
    func page(from offset: Int, limit: Int, or broken: ProviderResponse) throws(ResponseError) -> (
        rows: [Row], more: Bool
    ) {
        guard !rows.isEmpty else { return ([], false) }
        let limit = try pageSize(limit, offset, or: broken)
        guard !faults.contains(.endlessCursor) else { return (endless(from: offset, limit), true) }
        let page = Array(rows.dropFirst(offset).prefix(limit))
        return (page, offset + limit < rows.count)
    }

    /// The page size; `partial-list` splits a listing of one page in two if its end is announced.
    private func pageSize(_ limit: Int, _ offset: Int, or broken: ProviderResponse) throws(ResponseError) -> Int {
        guard faults.contains(.partialList) else { return limit }
        if offset > 0 || (endsWithShortPage && rows.count <= limit) { throw ResponseError(response: broken) }
        return endsWithShortPage ? limit : min(limit, (rows.count + 1) / 2)
    }

    private func endless(from offset: Int, _ limit: Int) -> [Row] {
        let size = endsWithShortPage ? limit : min(limit, rows.count)
        return (offset..<offset + size).map { rows[$0 % rows.count] }
    }
}
