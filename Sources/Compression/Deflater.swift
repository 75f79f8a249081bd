// SPDX-License-Identifier: Apache-2.0

internal import CZlib

/// Compresses bytes into raw deflate pieces.
package struct Deflater: ~Copyable {
    /// Opens a compressor.
    package init() {}
}
