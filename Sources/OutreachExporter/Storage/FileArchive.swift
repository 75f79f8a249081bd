// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Glibc
internal import Outreach
internal import Synchronization

/// Accounts' data in a directory: one file per account, replaced as a whole.
///
/// The directory is made where it is missing, for the owner alone; whatever else it holds is left alone. A disk that
/// hangs costs an account `patience` once: until its last work on the file has ended, more is refused at once.
final class FileArchive: ReportArchive {
    private let directory: String
    private let patience: Duration
    /// The files on which work has not ended.
    private let busy = Mutex<Set<String>>([])

    /// Opens an archive; nothing is touched yet.
    ///
    /// - Parameters:
    ///   - directory: where it is; at most its last part is missing.
    ///   - patience: how long it may take to read or write a file.
    init(directory: String, patience: Duration = .seconds(10)) {
        self.directory = directory
        self.patience = patience
    }

    func load(_ account: Account) async throws(ArchiveFailure) -> SavedAccount? {
        try await work(on: account) { (file) throws(StorageError) -> Result<SavedAccount?, ArchiveFailure> in
            guard let content = try file.read() else { return .success(nil) }
            do throws(SavedAccount.Unreadable) {
                return .success(try SavedAccount(content, of: account))
            } catch {
                try file.setAside()
                return .failure(ArchiveFailure(setAside: file, because: error))
            }
        }
        .get()
    }

    func save(_ account: SavedAccount) async throws(ArchiveFailure) {
        try await work(on: account.account) { (file) throws(StorageError) -> Result<Void, ArchiveFailure> in
            guard let content = account.content else {
                return .failure(
                    ArchiveFailure(reason: "the data cannot be encoded", advice: "report this as a bug")
                )
            }
            return .success(try file.replace(with: content))
        }
        .get()
    }

    /// Does some work on an account's file, which no other work is done on.
    private func work<Value: Sendable>(
        on account: Account,
        _ work: @escaping @Sendable (DurableFile) throws(StorageError) -> Result<Value, ArchiveFailure>
    ) async throws(ArchiveFailure) -> Result<Value, ArchiveFailure> {
        let file = DurableFile(path: "\(directory)/\(account.name.fileName).json")
        do throws(StorageError) {
            guard busy.withLock({ $0.insert(file.path).inserted }) else {
                throw StorageError("finish the last work on", file.path, code: ETIMEDOUT)
            }
            return try await run(on: file, work)
        } catch {
            throw ArchiveFailure(error)
        }
    }

    private func run<Value: Sendable>(
        on file: DurableFile,
        _ work: @escaping @Sendable (DurableFile) throws(StorageError) -> Value
    ) async throws(StorageError) -> Value {
        try await FileThread.run(within: patience, on: file.path) { [self] () throws(StorageError) in
            defer { busy.withLock { _ = $0.remove(file.path) } }
            try DurableFile.makeDirectory(directory)
            return try work(file)
        }
    }
}

extension ArchiveFailure {
    fileprivate init(_ error: StorageError) {
        self.init(
            reason: "\(error)",
            advice: "make room, or make storage.path a directory that the exporter may write to"
        )
    }

    fileprivate init(setAside file: DurableFile, because reason: SavedAccount.Unreadable) {
        self.init(
            reason: "\(file.path) \(reason)",
            advice: "it was renamed to \(file.asidePath); the next collection writes a new one"
        )
    }
}
