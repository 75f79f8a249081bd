// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The directory of the storage.
struct StorageDirectory {
    /// Where it is.
    let path: String

    /// Makes sure that it is there and that files can be made in it; one that is missing is made, for its owner alone.
    ///
    /// - Throws: why it cannot be used; a parent that is missing too is more likely a mistake than a wish.
    func prepare() throws(StorageError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw StorageError("create the storage", path) }
        var status = stat()
        guard stat(path, &status) == 0 else { throw StorageError("use the storage", path) }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw StorageError("use the storage", path, code: ENOTDIR)
        }
        guard access(path, R_OK | W_OK | X_OK) == 0 else { throw StorageError("use the storage", path) }
    }
}
