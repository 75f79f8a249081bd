// SPDX-License-Identifier: Apache-2.0

package import Outreach

/// Where accounts' data outlives the process.
package protocol ReportArchive: Sendable {
    /// Fetches what was saved last for an account; `nil` where there is nothing.
    func load(_ account: Account) async throws(ArchiveFailure) -> SavedAccount?

    /// Keeps an account's data in place of what was saved before; durable when it returns.
    ///
    /// Called for one state of an account at a time, and nothing of the account is shown before it returns: it ends in
    /// bounded time, whole even if the task is cancelled meanwhile.
    func save(_ account: SavedAccount) async throws(ArchiveFailure)
}
