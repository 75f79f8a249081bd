// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// What changes when a file is written or replaced.
struct FileStamp: Hashable {
    private let inode: ino_t
    private let size: off_t
    private let seconds: Int
    private let nanoseconds: Int

    /// Looks at a file; one that is not there has a stamp as well.
    init(of path: String) {
        var status = stat()
        if stat(path, &status) != 0 { status = Glibc.stat() }
        inode = status.st_ino
        size = status.st_size
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }
}
