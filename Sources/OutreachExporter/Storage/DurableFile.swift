// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A file that is replaced as a whole: after a crash at any moment it holds either the old content or the new.
struct DurableFile {
    /// Where it stands.
    let path: String

    /// Writes the content beside the file, makes it durable, puts it in the file's place and makes that durable too.
    ///
    /// The order of the four steps is what survives a power cut: data before its name, name before success is claimed.
    func replace(with content: [UInt8]) throws(StorageError) {
        let temporary = path + ".new"
        do throws(StorageError) {
            try write(content, to: temporary)
            guard rename(temporary, path) == 0 else { throw StorageError("rename", path) }
        } catch {
            unlink(temporary)
            throw error
        }
        try synchronizeDirectory()
    }

    /// The content; `nil` if there is no such file.
    func read() throws(StorageError) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw StorageError("open", path)
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw StorageError("stat", path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw StorageError("read", path, code: EINVAL) }
        var failure: StorageError?
        let content = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            while count < buffer.count {
                let read = Glibc.read(file, buffer.baseAddress.map { $0 + count }, buffer.count - count)
                if read < 0, errno == EINTR { continue }
                if read < 0 { failure = StorageError("read", path) }
                if read <= 0 { break }
                count += read
            }
        }
        if let failure { throw failure }
        return content
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

    /// Writes a new file: one left over from a crash may belong to anybody and be readable by all.
    private func write(_ content: [UInt8], to path: String) throws(StorageError) {
        unlink(path)
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw StorageError("create", path) }
        defer { close(file) }
        var written = 0
        while written < content.count {
            let count = content.withUnsafeBytes { bytes in
                Glibc.write(file, bytes.baseAddress.map { $0 + written }, content.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw StorageError("write", path) }
            written += count
        }
        guard fsync(file) == 0 else { throw StorageError("synchronize", path) }
    }

    private func synchronizeDirectory() throws(StorageError) {
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = open(directory.isEmpty ? "/" : directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StorageError("open", directory) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw StorageError("synchronize", directory) }
    }
}
