// SPDX-License-Identifier: Apache-2.0

internal import Configuration

/// What a client may see.
package enum AccountAccess: Sendable, Hashable {
    /// Every account, the exporter's own metrics, and endpoints that change something.
    case all
    /// The accounts of these names and nothing else.
    case only(Set<String>)

    /// Whether the account of this name is visible.
    package func includes(_ account: String) -> Bool {
        switch self {
        case .all: true
        case .only(let accounts): accounts.contains(account)
        }
    }
}

/// The file that binds users of the web configuration to accounts.
///
/// ```yaml
/// users:
///   acme: [acme-instantly, acme-lemlist]
///   prometheus: all
/// ```
///
/// Every user of `basic_auth_users` stands in it: a line that is missing, or a file that was cut off, is an error and
/// shows nobody more than before.
enum AccountsFile {
    private enum Keys: String, CaseIterable {
        case users
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - file: the path.
    ///   - users: the users of `basic_auth_users`.
    /// - Returns: what each user of the file may see.
    /// - Throws: `unreadable` or `invalid`, with all errors at once.
    static func read(_ file: String, for users: [String]) throws(WebSettingsError) -> [String: AccountAccess] {
        let content = try WebConfigReader.content(of: file)
        let decoder = ConfigDecoder(environment: nil)
        do throws(Diagnostics) {
            let access = access(from: try decoder.root(parsing: content), for: users)
            try decoder.finish()
            return access
        } catch {
            throw .invalid(file: file, error)
        }
    }

    private static func access(from root: ConfigValue, for users: [String]) -> [String: AccountAccess] {
        root.diagnoseMissingValues()
        guard let section = root.fields(of: Keys.self)?.required(.users) else { return [:] }
        let entries = section.entries() ?? []
        if users.isEmpty {
            section.diagnose("the web configuration has no basic_auth_users, so there is nobody to bind: add them")
        }
        for user in Set(users).subtracting(entries.map(\.name)).sorted() {
            section.diagnose(
                "\(user.quoted) of basic_auth_users is missing: list the user's accounts, or write all in their place"
            )
        }
        return Dictionary(entries.map { ($0.name, access(from: $0)) }) { first, _ in first }
    }

    private static func access(from field: ConfigValue) -> AccountAccess {
        switch field.node.value {
        case .scalar("all"): return .all
        case .sequence([]):
            field.diagnose("an empty list shows nothing: list accounts, or remove the user and the password")
        case .sequence: return .only(Set((field.list() ?? []).compactMap { $0.text() }))
        default: field.diagnose("write a list of accounts here, [one, another], or the word all")
        }
        return .only([])
    }
}
