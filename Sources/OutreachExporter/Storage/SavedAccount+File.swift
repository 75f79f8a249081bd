// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import FoundationEssentials
internal import Outreach

/// Saved data as the content of a file: JSON.
extension SavedAccount {
    /// Why a file is not usable.
    enum Unreadable: Error, CustomStringConvertible {
        case damaged
        case format(Int)
        case foreign(String)

        var description: String {
            switch self {
            case .damaged: "is damaged"
            case .format(let format): "is in format \(format), this version reads \(SavedAccount.currentFormat)"
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
        guard let saved = try? decoder.decode(SavedAccount.self, from: data) else { throw .damaged }
        guard saved.account == account else { throw .foreign("\(saved.account.provider)/\(saved.account.name)") }
        self = saved
    }

    /// The file's content; `nil` where a number is none that JSON knows.
    var content: [UInt8]? {
        (try? JSONEncoder().encode(self)).map { Array($0) }
    }
}
