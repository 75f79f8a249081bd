// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Checks passwords one after the other on a thread of its own, and remembers the last good field of each user.
///
/// A check is slow on purpose. The server's threads never wait for one, and only a few clients may: a flood of wrong
/// passwords costs one core and a few places, while those whose password is remembered pass.
final class PasswordDesk: Sendable {
    /// What became of a check.
    enum Verdict: Sendable {
        case right, wrong, tooMany
    }

    private struct Check {
        let credentials: Credentials
        let hash: PasswordHash
        let isKnown: Bool
        let done: CheckedContinuation<Verdict, Never>
    }

    private struct State {
        var good: [String: (hash: PasswordHash, field: String)] = [:]
        var line: [Check] = []
        var isWorking = false
    }

    /// How many checks wait at most.
    private static let places = 8
    private let state = Mutex(State())

    /// Whether this field was good the last time that it was checked, and its user has the same hash still.
    func remembers(_ field: String, of users: [String: PasswordHash]) -> Bool {
        state.withLock { state in
            state.good.contains { user, good in haveEqualBytes(good.field, field) && users[user] == good.hash }
        }
    }

    /// Checks a password; an unknown user's costs as much time as the most costly known one's.
    func check(_ credentials: Credentials, of users: [String: PasswordHash]) async -> Verdict {
        let known = users[credentials.user]
        let cost = users.values.map(\.cost).max() ?? 10
        guard let hash = known ?? .impossible(cost: cost) else { return .wrong }
        return await withCheckedContinuation { done in
            take(Check(credentials: credentials, hash: hash, isKnown: known != nil, done: done))
        }
    }

    private func take(_ check: Check) {
        let (isTaken, needsThread) = state.withLock { state in
            guard state.line.count < Self.places else { return (false, false) }
            state.line.append(check)
            defer { state.isWorking = true }
            return (true, !state.isWorking)
        }
        guard isTaken else { return check.done.resume(returning: .tooMany) }
        guard needsThread, !startThread({ self.work() }) else { return }
        let waiting = state.withLock { state in
            defer { (state.line, state.isWorking) = ([], false) }
            return state.line
        }
        for check in waiting { check.done.resume(returning: .tooMany) }
    }

    /// Works until nobody waits.
    private func work() {
        while let check = next() {
            let isRight = check.hash.matches(check.credentials.password) && check.isKnown
            if isRight {
                let credentials = check.credentials
                state.withLock { $0.good[credentials.user] = (check.hash, credentials.field) }
            }
            check.done.resume(returning: isRight ? .right : .wrong)
        }
    }

    private func next() -> Check? {
        state.withLock { state in
            guard state.line.isEmpty else { return state.line.removeFirst() }
            state.isWorking = false
            return nil
        }
    }
}
