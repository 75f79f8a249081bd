// SPDX-License-Identifier: Apache-2.0

extension String {
    /// The offset basis of 64-bit FNV-1a.
    package static let fnvOffsetBasis: UInt64 = 0xcbf2_9ce4_8422_2325

    /// The 64-bit FNV-1a hash of the UTF-8 bytes (draft-eastlake-fnv), the same in every process and version.
    ///
    /// Another basis gives a hash that is independent enough to tell texts apart by both.
    package func fnv1a(basis: UInt64 = fnvOffsetBasis) -> UInt64 {
        utf8.reduce(basis) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
