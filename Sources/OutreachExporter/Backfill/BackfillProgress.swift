// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// The progress of a backfill on standard error: a bar on a terminal, a line every 10 seconds elsewhere.
final class BackfillProgress: Sendable {
    private struct State {
        var total = 0
        var done = 0
        var before = 0
    }

    /// Returns the number of requests sent so far.
    let calls: @Sendable () -> Int

    private let state = Mutex(State())
    private let began = ContinuousClock.now
    private let isTerminal = isatty(STDERR_FILENO) == 1

    /// Starts the measurement of time.
    init(calls: @escaping @Sendable () -> Int) {
        self.calls = calls
    }

    /// Sets the number of campaign days, and how many of them an earlier run has already stored.
    func begin(total: Int, known: Int) {
        state.withLock { $0 = State(total: total, done: known, before: known) }
    }

    /// Adds campaign days that are stored now.
    func advance(_ days: Int) {
        state.withLock { $0.done += days }
    }

    /// Prints the progress until cancelled, and outside of a terminal once more at the end.
    func run() async {
        let pause = isTerminal ? Duration.milliseconds(250) : .seconds(10)
        while (try? await Task.sleep(for: pause)) != nil {
            Output.note(isTerminal ? "\r\u{1B}[K" + line : line + "\n")
        }
        Output.note(isTerminal ? "\r\u{1B}[K" : line + "\n")
    }

    /// The current progress: `[####      ]  40 %  1234 calls, 7.9/s, 3 min left`.
    var line: String {
        let state = state.withLock { $0 }
        let seconds = max(0.001, (ContinuousClock.now - began) / .seconds(1))
        let share = state.total == 0 ? 0 : min(1, Double(state.done) / Double(state.total))
        let fresh = Double(state.done - state.before)
        let left = fresh > 0 ? Self.text(seconds: Double(state.total - state.done) / fresh * seconds) : "?"
        let filled = Int(share * 24)
        let bar = "[" + String(repeating: "#", count: filled) + String(repeating: " ", count: 24 - filled) + "]"
        let pace = (Double(calls()) / seconds * 10).rounded() / 10
        return "\(bar) \(Int(share * 100)) %  \(calls()) calls, \(pace)/s, \(left) left"
    }

    private static func text(seconds: Double) -> String {
        seconds < 90 ? "\(Int(seconds.rounded(.up))) s" : "\(Int((seconds / 60).rounded(.up))) min"
    }
}
