// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The permissions of a file.
package enum FileAccess {
    /// Whether every user of the machine can read a file, not only its owner and its group.
    ///
    /// That takes read permission on the file and search permission on each directory above it.
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

/// The bytes of a small file.
package enum FileContent {
    /// Reads a file to its end.
    ///
    /// - Parameters:
    ///   - path: the file, or a pipe: `/dev/stdin`.
    ///   - limit: the most bytes that it may hold.
    /// - Returns: the bytes.
    /// - Throws: why it cannot be read.
    package static func read(_ path: String, upTo limit: Int) throws(FileError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure(of: path) }
        defer { close(file) }
        var content: [UInt8] = []
        while let part = try readPart(of: file, path) {
            content += part
            guard content.count <= limit else { throw FileError(path: path, reason: "larger than \(limit) bytes") }
        }
        return content
    }

    private static func readPart(of file: Int32, _ path: String) throws(FileError) -> [UInt8]? {
        var count = -1
        let part = [UInt8](unsafeUninitializedCapacity: 16_384) { buffer, filled in
            repeat {
                count = Glibc.read(file, buffer.baseAddress, buffer.count)
            } while count < 0 && errno == EINTR
            filled = max(0, count)
        }
        guard count >= 0 else { throw failure(of: path) }
        return count == 0 ? nil : part
    }

    private static func failure(of path: String) -> FileError {
        FileError(path: path, reason: String(cString: strerror(errno)))
    }
}

/// Why a file cannot be read.
package struct FileError: Error, Hashable, CustomStringConvertible {
    /// The file's path.
    package let path: String
    /// The reason: `No such file or directory`.
    package let reason: String

    /// Makes an error.
    package init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    package var description: String { "cannot read \(path): \(reason)" }
}
