// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import FoundationEssentials
internal import Outreach

/// Accounts' data in a directory: one file per account, replaced as a whole.
struct FileArchive: ReportArchive {
    /// The directory; it exists.
    let directory: String

    func load(_ account: Account) async throws(ArchiveFailure) -> SavedAccount? {
        let file = file(of: account)
        do {
            guard let content = try file.read() else { return nil }
            return try JSONDecoder().decode(SavedAccount.self, from: Data(content))
        } catch let error as StorageError {
            throw ArchiveFailure(error)
        } catch {
            try? file.setAside()
            throw ArchiveFailure(
                reason: "\(file.path) is damaged",
                advice: "it was renamed to \(file.path).damaged; the next collection writes a new one"
            )
        }
    }

    func save(_ account: SavedAccount) async throws(ArchiveFailure) {
        do {
            try file(of: account.account).replace(with: Array(JSONEncoder().encode(account)))
        } catch let error as StorageError {
            throw ArchiveFailure(error)
        } catch {
            throw ArchiveFailure(reason: "the data cannot be encoded", advice: "report this as a bug")
        }
    }

    private func file(of account: Account) -> DurableFile {
        DurableFile(path: "\(directory)/\(account.name.fileName).json")
    }
}

extension ArchiveFailure {
    fileprivate init(_ error: StorageError) {
        self.init(
            reason: "\(error)",
            advice: "make room, or make storage.path a directory that the exporter may write to"
        )
    }
}

extension String {
    /// The text as a file's name: everything but letters, digits, dash and underscore is percent-encoded.
    fileprivate var fileName: String {
        utf8.map { byte in
            switch UInt8(byte) {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        .joined()
    }
}
