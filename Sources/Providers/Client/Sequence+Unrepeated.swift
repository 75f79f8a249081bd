// SPDX-License-Identifier: Apache-2.0

extension Sequence where Element: Hashable {
    /// The elements in their order, exact repetitions left out: a row sent twice is one row.
    func unrepeated() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
