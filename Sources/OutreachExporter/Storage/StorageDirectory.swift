// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Glibc

/// The directory that `storage.path` names.
struct StorageDirectory {
    let path: String

    /// Creates the directory for its owner alone, unless it exists.
    ///
    /// - Throws: the reason, also where the parent is missing: that is more likely a mistake in the path.
    func create() throws(StorageError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw StorageError("create the storage", path) }
    }

    /// Creates the directory, unless it exists, checks that files can be created in it, and locks it.
    ///
    /// - Parameter shard: the shard whose accounts the process stores; `nil` for all accounts.
    /// - Returns: the lock on the directory.
    /// - Throws: why it cannot be used, also where another process stores accounts of the shard in it.
    func prepare(for shard: Shard?) throws(StorageError) -> StorageLock {
        try create()
        var status = stat()
        guard stat(path, &status) == 0 else { throw StorageError("use the storage", path) }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw StorageError("use the storage", path, code: ENOTDIR)
        }
        guard access(path, R_OK | W_OK | X_OK) == 0 else { throw StorageError("use the storage", path) }
        return try StorageLock(directory: path, shard: shard)
    }
}

/// Keeps a second process from storing the same accounts in a directory, until it is released.
///
/// Two processes would replace each other's files, and counters would fall after a restart. The locks are advisory
/// (`flock`): the kernel releases them when the process ends, however it ends, so that the files may stay. A process
/// for all accounts locks the file `lock` for itself. Exporters of different shards may share a directory: they share
/// the lock on `lock`, and each locks a file of its shard, such as `lock.2-of-3`, for itself.
struct StorageLock: Sendable {
    /// The locked files; the locks are released when they are closed.
    private let files: [OpenFile]

    /// Locks a directory for the accounts of a shard.
    ///
    /// - Throws: that another process uses it, or why it cannot be locked.
    init(directory: String, shard: Shard?) throws(StorageError) {
        let name = "\(directory)/lock"
        var locks: [(path: String, kind: OpenFile.Lock)] = [(name, .exclusive)]
        if let shard, shard.count > 1 {
            locks = [(name, .shared), ("\(name).\(shard.number)-of-\(shard.count)", .exclusive)]
        }
        var files: [OpenFile] = []
        for (path, kind) in locks {
            let file = try OpenFile(path, O_RDWR | O_CREAT)
            guard try file.lock(kind) else { throw .inUse(directory) }
            files.append(file)
        }
        self.files = files
    }
}

extension StorageError {
    fileprivate static func inUse(_ directory: String) -> StorageError {
        StorageError(
            "use the storage",
            directory,
            code: EWOULDBLOCK,
            reason: "another process uses it; stop that process, or give this one another storage.path"
        )
    }
}
