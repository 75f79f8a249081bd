// SPDX-License-Identifier: Apache-2.0

/// Why a file has no content.
struct FileError: Error, Hashable, CustomStringConvertible {
    /// The file's path.
    let path: String
    /// The reason: `No such file or directory`.
    let reason: String

    var description: String { "cannot read \(path): \(reason)" }
}
