// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import FoundationEssentials
internal import Glibc
internal import Outreach
internal import Synchronization

/// Accounts' data in a directory: one file per account, replaced as a whole.
///
/// The directory is made where it is missing, for the owner alone; whatever else it holds is left alone. A disk that
/// hangs costs an account `patience` once: until its last work on the file has ended, more is refused at once.
final class FileSnapshotStore: SnapshotStore {
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

    func load(_ account: Account) async throws(SnapshotError) -> AccountSnapshot? {
        try await work(on: account) { (file) throws(StorageError) -> Result<AccountSnapshot?, SnapshotError> in
            guard let content = try file.read() else { return .success(nil) }
            do throws(AccountSnapshot.Unreadable) {
                return .success(try AccountSnapshot(content, of: account))
            } catch {
                try file.setAside()
                return .failure(SnapshotError(setAside: file, because: error))
            }
        }
        .get()
    }

    func save(_ account: AccountSnapshot) async throws(SnapshotError) {
        try await work(on: account.account) { (file) throws(StorageError) -> Result<Void, SnapshotError> in
            guard let content = account.content else {
                return .failure(
                    SnapshotError(reason: "the data cannot be encoded", advice: "report this as a bug")
                )
            }
            return .success(try file.replace(with: content))
        }
        .get()
    }

    /// Does some work on an account's file, which no other work is done on.
    private func work<Value: Sendable>(
        on account: Account,
        _ work: @escaping @Sendable (DurableFile) throws(StorageError) -> Result<Value, SnapshotError>
    ) async throws(SnapshotError) -> Result<Value, SnapshotError> {
        let file = DurableFile(path: "\(directory)/\(account.name.fileName).json")
        do throws(StorageError) {
            guard busy.withLock({ $0.insert(file.path).inserted }) else {
                throw StorageError("finish the last work on", file.path, code: ETIMEDOUT)
            }
            return try await run(on: file, work)
        } catch {
            throw SnapshotError(error)
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

extension SnapshotError {
    fileprivate init(_ error: StorageError) {
        self.init(
            reason: "\(error)",
            advice: "make room, or make storage.path a directory that the exporter may write to"
        )
    }

    fileprivate init(setAside file: DurableFile, because reason: AccountSnapshot.Unreadable) {
        self.init(
            reason: "\(file.path) \(reason)",
            advice: "it was renamed to \(file.asidePath); the next collection writes a new one"
        )
    }
}

/// Saved data as the content of a file: JSON.
extension AccountSnapshot {
    /// Why a file is not usable.
    enum Unreadable: Error, CustomStringConvertible {
        case damaged
        case format(Int)
        case foreign(String)

        var description: String {
            switch self {
            case .damaged: "is damaged"
            case .format(let format): "is in format \(format), this version reads \(AccountSnapshot.currentFormat)"
            case .foreign(let account): "belongs to the account \(account)"
            }
        }
    }

    /// What every format says first.
    private struct Header: Decodable {
        let format: Int
    }

    /// Reads a file of an account.
    ///
    /// - Throws: why it is not usable.
    init(_ content: [UInt8], of account: Account) throws(Unreadable) {
        let (data, decoder) = (Data(content), JSONDecoder())
        guard let header = try? decoder.decode(Header.self, from: data) else { throw .damaged }
        guard header.format == Self.currentFormat else { throw .format(header.format) }
        guard let saved = try? decoder.decode(AccountSnapshot.self, from: data) else { throw .damaged }
        guard saved.account == account else { throw .foreign("\(saved.account.provider)/\(saved.account.name)") }
        self = saved
    }

    /// The file's content; `nil` where a number is none that JSON knows.
    var content: [UInt8]? {
        (try? JSONEncoder().encode(self)).map { Array($0) }
    }
}

extension String {
    /// The longest name, without what is added to it, that every file system takes.
    private static let longestFileName = 200

    /// The text as a file's name, another one for every text, also where case does not count.
    ///
    /// Everything but small letters, digits, dash and underscore is percent-encoded. What becomes too long ends in two
    /// hashes of it, 128 bits together.
    var fileName: String {
        let encoded = utf8.map(\.inFileName).joined()
        guard encoded.utf8.count > Self.longestFileName else { return encoded }
        return String(encoded.prefix(Self.longestFileName - 34)) + "~" + hash(from: 0xcbf2_9ce4_8422_2325)
            + "~" + hash(from: 0x9e37_79b9_7f4a_7c15)
    }

    /// FNV-1a in 64 bits from a basis, as hexadecimal digits.
    private func hash(from basis: UInt64) -> String {
        String(utf8.reduce(basis) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 16)
    }
}

extension UInt8 {
    fileprivate var inFileName: String {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            String(UnicodeScalar(self))
        default: "%" + (self < 16 ? "0" : "") + String(self, radix: 16)
        }
    }
}

/// The directory of the storage.
struct StorageDirectory {
    /// Where it is.
    let path: String

    /// Makes sure that it is there and that files can be made in it; one that is missing is made, for its owner alone.
    ///
    /// - Throws: why it cannot be used; a parent that is missing too is more likely a mistake than a wish.
    func prepare() throws(StorageError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw StorageError("create the storage", path) }
        var status = stat()
        guard stat(path, &status) == 0 else { throw StorageError("use the storage", path) }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw StorageError("use the storage", path, code: ENOTDIR)
        }
        guard access(path, R_OK | W_OK | X_OK) == 0 else { throw StorageError("use the storage", path) }
    }
}
