// SPDX-License-Identifier: Apache-2.0

extension Array {
    /// The elements in runs of at most `size`.
    package func batches(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
