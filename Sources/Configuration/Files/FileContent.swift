// SPDX-License-Identifier: Apache-2.0

internal import Glibc

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
