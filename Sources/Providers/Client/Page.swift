// SPDX-License-Identifier: Apache-2.0

/// One page of a listing.
struct Page<Row> {
    /// Its rows.
    let rows: [Row]
    /// What asks for the next page; `nil` on the last.
    let next: QueryItem?
    /// How many rows all pages have together, where that is what the paging rests on.
    var total: Int?
}
