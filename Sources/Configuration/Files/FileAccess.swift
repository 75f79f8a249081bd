// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Who can get at a file.
package enum FileAccess {
    /// Whether every user of the machine can read a file, not only its owner and its group.
    ///
    /// That takes the file's own permission and the one to pass through each folder above it.
    package static func isOpenToAll(_ path: String) -> Bool {
        guard let real = realpath(path, nil) else { return false }
        defer { free(real) }
        var path = String(cString: real)
        guard let file = mode(of: path), file & S_IFMT == S_IFREG, file & S_IROTH != 0 else { return false }
        while let slash = path.lastIndex(of: "/") {
            path = String(path[..<slash])
            guard let folder = mode(of: path + "/"), folder & S_IXOTH != 0 else { return false }
        }
        return true
    }

    private static func mode(of path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode : nil
    }
}
