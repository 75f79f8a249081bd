// SPDX-License-Identifier: Apache-2.0

internal import Outreach
internal import Synchronization

/// One turn at a time per account, whichever of its collectors takes it: the one that a reload replaced may still be
/// writing when its successor wants to.
final class AccountTurns: Sendable {
    private let turns = Mutex<[Account: Slots]>([:])

    /// The turns of an account.
    func of(_ account: Account) -> Slots {
        turns.withLock { turns in
            let turn = turns[account] ?? Slots(1)
            turns[account] = turn
            return turn
        }
    }
}
