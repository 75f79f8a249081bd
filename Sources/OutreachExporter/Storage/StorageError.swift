// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Why a file of the storage could not be written or read, and where.
struct StorageError: Error, CustomStringConvertible {
    /// What was tried: `write`, `rename`.
    let operation: String
    /// The file or directory.
    let path: String
    /// The number that the system gave, as in errno(3).
    let code: Int32

    /// Records the failure of the system call that was made last.
    init(_ operation: String, _ path: String, code: Int32 = errno) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    var description: String {
        "cannot \(operation) \(path): \(String(cString: strerror(code)))"
    }
}
