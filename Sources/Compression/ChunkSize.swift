// SPDX-License-Identifier: Apache-2.0

/// How a body is cut into chunks.
package enum ChunkSize {
    /// The bytes of a first chunk.
    private static let least = 128 << 10

    /// The bytes of a chunk behind so many others.
    ///
    /// Each is a 32nd of what stands before it. So a body of a few megabytes wastes no memory on a chunk half full, and
    /// one of 1 GB still has fewer than the 256 chunks that a server sends without copying them together.
    package static func next(behind count: Int) -> Int { max(least, count / 32) }
}
