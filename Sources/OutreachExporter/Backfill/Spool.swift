// SPDX-License-Identifier: Apache-2.0

internal import Exposition
internal import Glibc
internal import History
internal import Synchronization

/// The file beside the output that keeps what was learned, so that an interrupted backfill goes on where it stopped.
///
/// Lines are only ever added. Whatever the last process had not finished writing is cut off when it is opened again.
final class Spool: Sendable {
    private let path: String
    private let file: Int32
    private let state: Mutex<SpoolIndex>

    /// How long the disk may take for one piece.
    private static let patience = Duration.seconds(60)
    private static let chunk = 1 << 20

    /// Opens the file or makes it, and reads what it holds; `nil` where it holds answers to another question.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - title: its first line, which says for which question it holds answers.
    ///   - campaigns: the campaigns' labels in the order of the page.
    /// - Throws: `StorageError`.
    init?(_ path: String, title: String, campaigns: [Labels]) throws(StorageError) {
        let head = Array("\(title)\n".utf8)
        self.path = path
        state = Mutex(SpoolIndex(campaigns: campaigns, from: head.count))
        file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw StorageError("open", path) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else { throw StorageError("lock", path) }
        let found = try read(at: 0, head.count)
        if found.isEmpty { try write(head, at: 0) }
        guard found.isEmpty || found == head else { return nil }
        try state.withLock { (index) throws(StorageError) in try load(&index, from: head.count) }
    }

    private func load(_ index: inout SpoolIndex, from start: Int) throws(StorageError) {
        var offset = start
        while true {
            let taken = index.take(try read(at: offset, Self.chunk), at: offset)
            guard taken > 0 else { break }
            offset += taken
        }
        index.dropRest()
        guard ftruncate(file, index.end) == 0 else { throw StorageError("shorten", path) }
    }

    deinit {
        close(file)
    }

    /// What it holds.
    var index: SpoolIndex { state.withLock { $0 } }

    /// Adds whole lines.
    func append(_ bytes: [UInt8]) async throws(StorageError) {
        try await FileThread.run(within: Self.patience, on: path) { [self] () throws(StorageError) in
            try state.withLock { (index) throws(StorageError) in
                let end = index.end
                try write(bytes, at: end)
                _ = index.take(bytes, at: end)
            }
        }
    }

    /// The labels and the totals of a line.
    func series(_ entry: SpoolIndex.Entry) throws(StorageError) -> (labels: [UInt8], track: Track) {
        guard case .series(_, let labels, let track) = SpoolLine(try read(at: entry.offset, Int(entry.length))) else {
            throw StorageError("read", path, code: EIO)
        }
        return (labels, track)
    }

    /// Deletes the file.
    func remove() {
        unlink(path)
    }

    private func read(at offset: Int, _ count: Int) throws(StorageError) -> [UInt8] {
        var got = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, size in
            got = pread(file, buffer.baseAddress, count, offset)
            size = max(got, 0)
        }
        guard got >= 0 else { throw StorageError("read", path) }
        return bytes
    }

    private func write(_ bytes: [UInt8], at offset: Int) throws(StorageError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                pwrite(file, buffer.baseAddress.map { $0 + written }, bytes.count - written, offset + written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw StorageError("write", path) }
            written += count
        }
    }
}
