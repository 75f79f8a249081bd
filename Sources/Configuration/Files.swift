// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
package import Glibc
internal import Synchronization

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

    /// Why a file of this kind is not read; `nil` for a regular file.
    package static func objection(to mode: mode_t) -> String? {
        switch mode & S_IFMT {
        case S_IFREG: nil
        case S_IFDIR: String(cString: strerror(EISDIR))
        case S_IFIFO: "it is a pipe, such as <(...) makes; only regular files are read: write it to one first"
        default: "it is a device or socket; only regular files are read"
        }
    }

    private static func mode(of path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode : nil
    }
}

extension String {
    /// The path relative to the working directory, if a file in that folder has it relative to its own.
    package func inFolder(of file: String) -> String {
        let folder = file.lastIndex(of: "/").map { file[...$0] } ?? ""
        return hasPrefix("/") ? self : folder + self
    }
}

/// What tells one content of a file from another without reading it.
package struct FileStamp: Sendable, Hashable {
    private let device, inode, size, modified, changed: Int

    /// Follows symbolic links; all zero if there is no such file.
    package init(of path: String) {
        var status = stat()
        if stat(path, &status) != 0 { status = Glibc.stat() }
        device = Int(truncatingIfNeeded: status.st_dev)
        inode = Int(truncatingIfNeeded: status.st_ino)
        size = Int(status.st_size)
        // Two words each, by their places: an optimized build by Swift 6.3 finds no members of `timespec` here.
        let (modifiedSeconds, modifiedNanoseconds) = unsafeBitCast(status.st_mtim, to: (Int, Int).self)
        let (changedSeconds, changedNanoseconds) = unsafeBitCast(status.st_ctim, to: (Int, Int).self)
        modified = modifiedSeconds &* 1_000_000_000 &+ modifiedNanoseconds
        changed = changedSeconds &* 1_000_000_000 &+ changedNanoseconds
    }
}

/// The bytes of a small file.
package enum FileContent {
    /// Reads a regular file to its end.
    ///
    /// What is not a regular file is refused: a pipe may have no end, a device may have none either. A file system that
    /// hangs, as NFS without its server, holds up a thread of its own.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - limit: the most bytes that it may hold.
    /// - Returns: the bytes.
    /// - Throws: why it cannot be read, or that it took more than five seconds.
    package static func read(_ path: String, upTo limit: Int) throws(FileError) -> [UInt8] {
        try wait(for: path, atMost: .seconds(5)) {
            Result { () throws(FileError) in try readRegular(path, upTo: limit) }
        }
    }

    /// Does work on a file on another thread, and waits for it; after the time limit the thread is left behind.
    static func wait(
        for path: String,
        atMost limit: Duration,
        _ work: @escaping @Sendable () -> Result<[UInt8], FileError>
    ) throws(FileError) -> [UInt8] {
        let outcome = Outcome()
        DispatchQueue(label: "file").async {
            outcome.result.withLock { $0 = work() }
            outcome.isThere.signal()
        }
        let deadline = DispatchTime.now() + .milliseconds(Int(limit / .milliseconds(1)))
        guard outcome.isThere.wait(timeout: deadline) == .success, let result = outcome.result.withLock({ $0 }) else {
            throw FileError(path: path, reason: "the file system has not answered for \(limit.text)")
        }
        return try result.get()
    }

    private final class Outcome: Sendable {
        let result = Mutex<Result<[UInt8], FileError>?>(nil)
        let isThere = DispatchSemaphore(value: 0)
    }

    private static func readRegular(_ path: String, upTo limit: Int) throws(FileError) -> [UInt8] {
        // Without waiting: opening a pipe that nobody writes into would not end.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard file >= 0 else { throw failure(of: path) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure(of: path) }
        if let reason = FileAccess.objection(to: status.st_mode) { throw FileError(path: path, reason: reason) }
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
        // ENXIO is how open(2) refuses a socket.
        let reason = errno == ENXIO ? FileAccess.objection(to: S_IFSOCK) : nil
        return FileError(path: path, reason: reason ?? String(cString: strerror(errno)))
    }
}

package struct FileError: Error, Hashable, CustomStringConvertible {
    package let path: String
    /// The reason: `No such file or directory`.
    package let reason: String

    package var description: String { "cannot read \(path): \(reason)" }
}
