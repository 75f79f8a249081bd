// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Configuration
internal import Outreach
internal import Synchronization

/// A file that holds an API key, read again when it or what its symbolic links lead to is replaced.
final class KeyFile: Sendable {
    /// The most bytes of a file with a key.
    static let largest = 65_536
    /// A file system that hangs delays a collection by this at most.
    private static let timeout = Duration.seconds(2)

    private struct Seen {
        var stamp: FileStamp?
        /// Why the file was unusable at the last look.
        var problem: String?
        /// Whether it was looked at.
        var isKnown = false
        var isLooking = false
    }

    private let path: String
    private let seen = Mutex(Seen())

    /// Watches a file; nothing is read before `look`.
    init(_ path: String) {
        self.path = path
    }

    /// Looks whether the file has changed since the last look, and reads it if so or if it is urgent.
    func look(isUrgent: Bool) async -> KeySource.Reading {
        let isFree = seen.withLock { seen in
            defer { seen.isLooking = true }
            return !seen.isLooking
        }
        guard isFree else { return .unchanged }
        let reading = try? await FileThread.run(within: Self.timeout, on: path) { () throws(StorageError) in
            defer { self.seen.withLock { $0.isLooking = false } }
            return self.read(isUrgent: isUrgent)
        }
        return reading ?? .unchanged
    }

    private func read(isUrgent: Bool) -> KeySource.Reading {
        let stamp = FileStamp(of: path)
        let last = seen.withLock { $0 }
        guard isUrgent || !last.isKnown || stamp != last.stamp else { return .unchanged }
        var problem: String?
        var reading = KeySource.Reading.unchanged
        do {
            reading = .key(try Self.key(in: path))
        } catch let error as APIKeyError {
            problem = "the key \(error)"
        } catch {
            problem = "\(error)"
        }
        if let problem, problem != last.problem { reading = .unusable(problem) }
        seen.withLock { ($0.stamp, $0.problem, $0.isKnown) = (stamp, problem, true) }
        return reading
    }

    /// Reads the key of a file.
    ///
    /// - Throws: `FileError` if it cannot be read, `APIKeyError` if it is no key.
    static func key(in path: String) throws -> Secret {
        try Secret(key: String(decoding: try FileContent.read(path, upTo: largest), as: UTF8.self).lineOfKey)
    }
}
