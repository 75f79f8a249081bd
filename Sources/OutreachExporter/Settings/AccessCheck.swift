// SPDX-License-Identifier: Apache-2.0

internal import Synchronization
internal import WebConfig

/// Compares the accounts file with the users and accounts there are, whenever one of the files is read, and warns of
/// names that do not exist.
///
/// They are no errors, because nobody sees more for them, and the files may change one after the other.
final class AccessCheck: Sendable {
    private struct State {
        var accounts: Set<String>?
        var boundAccounts: Set<String> = []
    }

    private let state = Mutex(State())
    private let log: Log

    init(_ log: Log) {
        self.log = log
    }

    func follow(_ settings: Settings) {
        state.withLock { $0.accounts = settings.accountNames }
        checkAccounts()
    }

    /// Takes over the users and accounts of the accounts file.
    func follow(_ settings: WebSettings) {
        let users = settings.usersWithoutPassword
        if !users.isEmpty {
            log.warn(
                "the accounts file has users without a password",
                ["users": users.joined(separator: ", "), "advice": "add them to basic_auth_users, or remove them"]
            )
        }
        state.withLock { $0.boundAccounts = settings.boundAccounts }
        checkAccounts()
    }

    private func checkAccounts() {
        let missing = state.withLock { state in state.accounts.map { state.boundAccounts.subtracting($0) } ?? [] }
        guard !missing.isEmpty else { return }
        log.warn(
            "the accounts file has accounts that do not exist",
            ["accounts": missing.sorted().joined(separator: ", "), "advice": "correct their names, or remove them"]
        )
    }
}
