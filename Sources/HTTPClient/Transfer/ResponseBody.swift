// SPDX-License-Identifier: Apache-2.0

/// What has arrived of an answer's body, up to a limit.
final class ResponseBody {
    /// The bytes so far.
    private(set) var bytes: [UInt8] = []
    /// Whether more arrived than may be kept.
    private(set) var isTooLarge = false
    /// The size that may be kept, in bytes.
    let limit: Int

    /// Opens an empty body.
    init(limit: Int) {
        self.limit = limit
    }

    /// Keeps a chunk.
    ///
    /// - Returns: whether it still fits.
    func append(_ chunk: UnsafeRawBufferPointer) -> Bool {
        isTooLarge = bytes.count + chunk.count > limit
        if !isTooLarge { bytes.append(contentsOf: chunk) }
        return !isTooLarge
    }
}
