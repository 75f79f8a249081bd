// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A file that is replaced as a whole: after a crash at any moment it holds either the old content or the new.
struct DurableFile {
    /// Where it stands.
    let path: String

    /// Puts a content in the file's place, for the owner alone.
    func replace(with content: [UInt8]) throws(StorageError) {
        try replace { file throws(StorageError) in try file.append(content) }
    }

    /// Has a new content written beside the file, makes it durable, puts it in the file's place and makes that durable
    /// too.
    ///
    /// The order of the four steps is what survives a power cut: data before its name, name before success is claimed.
    ///
    /// - Parameters:
    ///   - mode: whom the file lets in.
    ///   - write: writes the content.
    /// - Returns: what `write` returns.
    /// - Throws: what `write` throws, or which of the steps failed.
    func replace<Value>(
        mode: mode_t = 0o600,
        by write: (OpenFile) throws(StorageError) -> Value
    ) throws(StorageError) -> Value {
        let temporary = path + ".new"
        let value: Value
        // One left over from a crash may belong to anybody and be readable by all.
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
            return try OpenFile(path, O_RDONLY).readAll()
        } catch {
            guard error.code == ENOENT else { throw error }
            return nil
        }
    }

    /// Where the file goes when it is set aside.
    var asidePath: String { path + ".set-aside" }

    /// Renames the file out of the way, so that somebody can look at it.
    func setAside() throws(StorageError) {
        guard rename(path, asidePath) == 0 else { throw StorageError("rename", path) }
    }

    /// Makes a directory for the owner alone, where there is none.
    static func makeDirectory(_ path: String) throws(StorageError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw StorageError("make", path) }
    }

    private func synchronizeDirectory() throws(StorageError) {
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        try OpenFile(directory.isEmpty ? "/" : directory, O_RDONLY | O_DIRECTORY).synchronize()
    }
}

/// An open file, closed with its last user: what is read or written is so as a whole, or there is a reason.
final class OpenFile: Sendable {
    /// Where it stands.
    let path: String
    private let descriptor: Int32

    /// Opens a file, which programs that this one starts do not get.
    ///
    /// - Parameters:
    ///   - path: where it stands.
    ///   - flags: how, as in open(2).
    ///   - mode: whom a new file lets in.
    /// - Throws: why it cannot be opened.
    init(_ path: String, _ flags: Int32, mode: mode_t = 0o600) throws(StorageError) {
        self.path = path
        descriptor = open(path, flags | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw StorageError(flags & O_EXCL == 0 ? "open" : "create", path) }
    }

    deinit { close(descriptor) }

    /// Up to so many bytes from an offset on: fewer only where the file ends.
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

    /// All of a file that is one, and neither a directory nor a device.
    func readAll() throws(StorageError) -> [UInt8] {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw StorageError("stat", path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw StorageError("read", path, code: EINVAL) }
        return try read(Int(status.st_size))
    }

    /// Writes all bytes from an offset on.
    func write(_ bytes: [UInt8], at offset: Int) throws(StorageError) {
        try write(bytes) { start, count, written in pwrite(descriptor, start, count, offset + written) }
    }

    /// Writes all bytes behind those written before.
    func append(_ bytes: [UInt8]) throws(StorageError) {
        try write(bytes) { start, count, _ in Glibc.write(descriptor, start, count) }
    }

    /// Keeps other processes from locking it until it is closed; fails where one has locked it.
    func lock() throws(StorageError) {
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw StorageError("lock", path) }
    }

    /// Cuts off what stands behind so many bytes.
    func truncate(to size: Int) throws(StorageError) {
        guard ftruncate(descriptor, size) == 0 else { throw StorageError("shorten", path) }
    }

    /// Waits until the disk has it.
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
