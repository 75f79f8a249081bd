// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import FoundationEssentials
internal import Glibc
internal import Outreach
internal import Synchronization

/// Stores snapshots in a directory: one file per account, replaced as a whole.
///
/// The directory is created where it is missing, for the owner alone; other files in it are not touched. A disk that
/// hangs delays an account by `timeout` once: until that operation ends, further ones on the file fail at once. A file
/// that cannot be read is never replaced.
final class FileSnapshotStore: SnapshotStore {
    private let directory: String
    /// Keeps other processes out of the directory for as long as the store exists.
    private let lock: StorageLock?
    private let timeout: Duration
    /// The paths of files with an operation under way.
    private let busy = Mutex<Set<String>>([])
    /// The files that could not be read, and why: they may hold higher counters, so that nothing replaces them.
    private let unread = Mutex<[String: SnapshotError]>([:])

    /// Opens a store without access to the disk.
    ///
    /// - Parameters:
    ///   - directory: its path; the parent must exist.
    ///   - lock: the lock on the directory; `nil` where no other process can know of it.
    ///   - timeout: the time limit of one operation on a file.
    init(directory: String, lock: StorageLock? = nil, timeout: Duration = .seconds(10)) {
        self.directory = directory
        self.lock = lock
        self.timeout = timeout
    }

    func load(_ account: Account) async throws(SnapshotError) -> AccountSnapshot? {
        let file = file(of: account)
        let result: Result<AccountSnapshot?, SnapshotError>
        do throws(StorageError) {
            result = try await work(on: file) {
                (file) throws(StorageError) -> Result<AccountSnapshot?, SnapshotError> in
                guard let content = try file.read() else { return .success(nil) }
                do throws(AccountSnapshot.ReadError) {
                    return .success(try AccountSnapshot(content, of: account))
                } catch {
                    try file.setAside()
                    return .failure(SnapshotError(setAside: file, because: error))
                }
            }
        } catch {
            let failure = SnapshotError(unreadable: file, error)
            unread.withLock { $0[file.path] = failure }
            throw failure
        }
        return try result.get()
    }

    func save(_ account: AccountSnapshot) async throws(SnapshotError) {
        let file = file(of: account.account)
        if let failure = unread.withLock({ $0[file.path] }) { throw failure }
        let result: Result<Void, SnapshotError>
        do throws(StorageError) {
            result = try await work(on: file) { (file) throws(StorageError) -> Result<Void, SnapshotError> in
                guard let content = account.content else {
                    return .failure(
                        SnapshotError(reason: "the data cannot be encoded", advice: "report this as a bug")
                    )
                }
                return .success(try file.replace(with: content))
            }
        } catch {
            throw SnapshotError(error)
        }
        try result.get()
    }

    func file(of account: Account) -> DurableFile {
        DurableFile(path: "\(directory)/\(account.name.fileName).json")
    }

    /// Runs an operation on a file, unless another one is under way.
    func work<Value: Sendable>(
        on file: DurableFile,
        _ work: @escaping @Sendable (DurableFile) throws(StorageError) -> Result<Value, SnapshotError>
    ) async throws(StorageError) -> Result<Value, SnapshotError> {
        guard busy.withLock({ $0.insert(file.path).inserted }) else {
            throw StorageError("finish the last work on", file.path, code: ETIMEDOUT)
        }
        return try await FileThread.run(within: timeout, on: file.path) { [self] () throws(StorageError) in
            defer { busy.withLock { _ = $0.remove(file.path) } }
            try StorageDirectory(path: directory).create()
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

    /// A file that may hold data, but cannot be read.
    fileprivate init(unreadable file: DurableFile, _ error: StorageError) {
        var reason = "\(error)"
        var advice = "move \(file.path) away, and restart"
        var status = stat()
        if [EACCES, EPERM].contains(error.code), stat(file.path, &status) == 0 {
            let mode = "0" + String(status.st_mode & 0o777, radix: 8)
            reason += "; it belongs to user \(status.st_uid) with mode \(mode), the exporter runs as user \(geteuid())"
            advice = "let the exporter read and replace the file (chown \(geteuid()) \(file.path)), or " + advice
        }
        self.init(reason: reason, advice: advice, leavesData: true)
    }

    fileprivate init(setAside file: DurableFile, because reason: AccountSnapshot.ReadError) {
        self.init(
            reason: "\(file.path) \(reason)",
            advice: "it was renamed to \(file.setAsidePath); the next collection writes a new one"
        )
    }
}

extension AccountSnapshot {
    /// Why a file's content is not usable.
    enum ReadError: Error, CustomStringConvertible {
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

    /// The part that every format has.
    private struct Header: Decodable {
        let format: Int
    }

    /// Reads a file of an account.
    ///
    /// - Throws: why it is not usable.
    init(_ content: [UInt8], of account: Account) throws(ReadError) {
        let (data, decoder) = (Data(content), JSONDecoder())
        guard let header = try? decoder.decode(Header.self, from: data) else { throw .damaged }
        guard header.format == Self.currentFormat else { throw .format(header.format) }
        guard let saved = try? decoder.decode(AccountSnapshot.self, from: data) else { throw .damaged }
        guard saved.account == account else { throw .foreign("\(saved.account.provider)/\(saved.account.name)") }
        self = saved
    }

    /// The file's content, as JSON; `nil` for numbers that JSON lacks, such as infinity.
    var content: [UInt8]? {
        (try? JSONEncoder().encode(self)).map { Array($0) }
    }
}

extension String {
    /// The longest encoded name, in bytes: with its suffixes it stays below the 255 of common file systems.
    private static let longestFileName = 200

    /// The text as a file name that differs from that of every other text, even where case does not matter.
    ///
    /// Everything but small letters, digits, dash and underscore is percent-encoded. A longer name is cut and ends in
    /// two hashes, 128 bits together.
    var fileName: String {
        let encoded = utf8.map(\.inFileName).joined()
        guard encoded.utf8.count > Self.longestFileName else { return encoded }
        let hashes = [Self.fnvOffsetBasis, 0x9e37_79b9_7f4a_7c15].map { "~" + String(fnv1a(basis: $0), radix: 16) }
        return String(encoded.prefix(Self.longestFileName - 34)) + hashes.joined()
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
