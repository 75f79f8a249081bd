// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import Glibc

/// A file that is replaced as a whole: after a crash at any time it has either the old content or the new one.
struct DurableFile {
    let path: String

    /// Replaces the content; only the owner may read it.
    func replace(with content: [UInt8]) throws(StorageError) {
        try replace { file throws(StorageError) in try file.append(content) }
    }

    /// Writes the new content to a temporary file, synchronizes it, renames it, and synchronizes the directory.
    ///
    /// The order of the four steps survives a power cut: the data is durable before its name, the name before success
    /// is reported.
    ///
    /// - Parameters:
    ///   - mode: the file's permissions.
    ///   - write: writes the content.
    /// - Returns: what `write` returns.
    /// - Throws: what `write` throws, or which of the steps failed.
    func replace<Value>(
        mode: mode_t = 0o600,
        by write: (OpenFile) throws(StorageError) -> Value
    ) throws(StorageError) -> Value {
        let temporary = path + ".new"
        let value: Value
        // One that a crash left behind may have other permissions.
        unlink(temporary)
        do throws(StorageError) {
            let file = try OpenFile(temporary, O_WRONLY | O_CREAT | O_EXCL, mode: mode)
            value = try write(file)
            try file.synchronize()
            guard rename(temporary, path) == 0 else { throw StorageError("rename", path) }
        } catch {
            unlink(temporary)
            throw error
        }
        try synchronizeDirectory()
        return value
    }

    /// The content; `nil` if there is no such file.
    func read() throws(StorageError) -> [UInt8]? {
        do throws(StorageError) {
            return try OpenFile(path, O_RDONLY | O_NONBLOCK | O_NOCTTY).readAll()
        } catch {
            guard error.code == ENOENT else { throw error }
            return nil
        }
    }

    /// The name that the file gets from `setAside`.
    var setAsidePath: String { path + ".set-aside" }

    /// Renames the file, so that its content can be examined.
    func setAside() throws(StorageError) {
        guard rename(path, setAsidePath) == 0 else { throw StorageError("rename", path) }
    }

    private func synchronizeDirectory() throws(StorageError) {
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        try OpenFile(directory.isEmpty ? "/" : directory, O_RDONLY | O_DIRECTORY).synchronize()
    }
}

/// An open file, closed with its last reference; reads and writes are complete or throw.
final class OpenFile: Sendable {
    /// A lock of flock(2): several processes may have a shared one, only one an exclusive one.
    enum Lock {
        case shared, exclusive
    }

    let path: String
    private let descriptor: Int32

    /// Opens a file with `O_CLOEXEC`.
    ///
    /// - Parameters:
    ///   - path: the file's path.
    ///   - flags: flags of open(2).
    ///   - mode: the permissions of a new file.
    /// - Throws: why it cannot be opened.
    init(_ path: String, _ flags: Int32, mode: mode_t = 0o600) throws(StorageError) {
        self.path = path
        descriptor = open(path, flags | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw StorageError(flags & O_EXCL == 0 ? "open" : "create", path) }
    }

    deinit { close(descriptor) }

    /// Reads all of a regular file, and refuses any other: a pipe or a device may have no end.
    func readAll() throws(StorageError) -> [UInt8] {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw StorageError("stat", path) }
        if let reason = FileAccess.objection(to: status.st_mode) {
            throw StorageError("read", path, code: EINVAL, reason: reason)
        }
        return try read(Int(status.st_size))
    }

    /// Reads up to `count` bytes from an offset on: fewer only where the file ends.
    func read(_ count: Int, at offset: Int = 0) throws(StorageError) -> [UInt8] {
        var failure: StorageError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, size in
            while size < count {
                let got = pread(descriptor, buffer.baseAddress.map { $0 + size }, count - size, offset + size)
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = StorageError("read", path) }
                if got <= 0 { break }
                size += got
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Writes all bytes from an offset on.
    func write(_ bytes: [UInt8], at offset: Int) throws(StorageError) {
        try write(bytes) { start, count, written in pwrite(descriptor, start, count, offset + written) }
    }

    func append(_ bytes: [UInt8]) throws(StorageError) {
        try write(bytes) { start, count, _ in Glibc.write(descriptor, start, count) }
    }

    /// Locks the file against other processes until it is closed, without waiting.
    ///
    /// - Returns: false where another process has a lock that excludes this one, or has removed the file under its lock.
    func lock(_ kind: Lock) throws(StorageError) -> Bool {
        if flock(descriptor, (kind == .shared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK else { throw StorageError("lock", path) }
            return false
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw StorageError("stat", path) }
        return status.st_nlink > 0
    }

    /// Shortens the file to a number of bytes.
    func truncate(to size: Int) throws(StorageError) {
        guard ftruncate(descriptor, size) == 0 else { throw StorageError("shorten", path) }
    }

    /// Waits until the disk has stored everything written, as fsync(2).
    func synchronize() throws(StorageError) {
        guard fsync(descriptor) == 0 else { throw StorageError("synchronize", path) }
    }

    private func write(
        _ bytes: [UInt8],
        by call: (_ start: UnsafeRawPointer?, _ count: Int, _ written: Int) -> Int
    ) throws(StorageError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { call($0.baseAddress.map { $0 + written }, $0.count - written, written) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw StorageError("write", path) }
            written += count
        }
    }
}

/// Why a file of the storage could not be written or read, and where.
struct StorageError: Error, CustomStringConvertible {
    /// The failed operation: `write`, `rename`.
    let operation: String
    let path: String
    /// The error number of errno(3).
    let code: Int32
    let reason: String

    /// Records the failure of the system call that was made last.
    ///
    /// - Parameters:
    ///   - operation: the failed operation.
    ///   - path: the file or directory.
    ///   - code: the error number.
    ///   - reason: why it failed and what to do; `nil` for the system's text for `code`.
    init(_ operation: String, _ path: String, code: Int32 = errno, reason: String? = nil) {
        self.operation = operation
        self.path = path
        self.code = code
        self.reason = reason ?? String(cString: strerror(code))
    }

    var description: String {
        "cannot \(operation) \(path): \(reason)"
    }
}
