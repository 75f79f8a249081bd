// SPDX-License-Identifier: Apache-2.0

/// A listing that is read page by page, with the faults that listings have.
struct PageSlice<Row> {
    let rows: [Row]
    let faults: Set<Fault>
    /// Whether clients see the end in a page shorter than asked for, and in nothing else.
    var endsWithShortPage = false

    /// The rows of a page, and whether more follow.
    ///
    /// - Throws: `broken` for a page that does not come.
    func page(from offset: Int, limit: Int, or broken: SimulatedResponse) throws(Refusal) -> (rows: [Row], more: Bool) {
        guard !rows.isEmpty else { return ([], false) }
        let limit = try pageSize(limit, offset, or: broken)
        guard !faults.contains(.endlessCursor) else { return (endless(from: offset, limit), true) }
        let page = Array(rows.dropFirst(offset).prefix(limit))
        return (page, offset + limit < rows.count)
    }

    /// The size that a page really has; a broken listing of one page is cut in two where its end is announced.
    private func pageSize(_ limit: Int, _ offset: Int, or broken: SimulatedResponse) throws(Refusal) -> Int {
        guard faults.contains(.partialList) else { return limit }
        if offset > 0 || (endsWithShortPage && rows.count <= limit) { throw Refusal(answer: broken) }
        return endsWithShortPage ? limit : min(limit, (rows.count + 1) / 2)
    }

    private func endless(from offset: Int, _ limit: Int) -> [Row] {
        let size = endsWithShortPage ? limit : min(limit, rows.count)
        return (offset..<offset + size).map { rows[$0 % rows.count] }
    }
}
