// SPDX-License-Identifier: Apache-2.0

/// Why a file has no content.
package struct FileError: Error, Hashable, CustomStringConvertible {
    /// The file's path.
    package let path: String
    /// The reason: `No such file or directory`.
    package let reason: String

    /// States a reason.
    package init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    package var description: String { "cannot read \(path): \(reason)" }
}
