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
