// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Glibc
internal import Outreach

/// The signals that stop or reload the process, as a sequence.
///
/// The main thread waits for them. An asynchronous `main` could not: libdispatch, in which it ends, unblocks every
/// signal again.
struct Signals {
    /// A request to the process.
    enum Request: Sendable {
        /// SIGTERM or SIGINT: stop.
        case stop
        /// SIGHUP: reload the configuration.
        case reload
    }

    /// The requests, in the order of the signals.
    let requests: AsyncStream<Request>
    private let continuation: AsyncStream<Request>.Continuation

    /// Blocks the signals, so that their default actions do not run.
    ///
    /// Called before the first thread starts, so that every thread inherits the mask and only the waiting one
    /// receives them.
    init() {
        (requests, continuation) = AsyncStream.makeStream()
        var set = Self.handled
        pthread_sigmask(SIG_BLOCK, &set, nil)
        // A broken pipe and a file that may not grow are errors of the call that met them, not the end.
        for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
    }

    /// Waits for signals until the process ends.
    func wait() -> Never {
        var set = Self.handled
        var signal: Int32 = 0
        while true {
            guard sigwait(&set, &signal) == 0 else { continue }
            continuation.yield(signal == SIGHUP ? .reload : .stop)
        }
    }

    private static var handled: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&set, signal) }
        return set
    }
}

/// The clocks of the machine.
struct SystemClock: CollectionClock {
    var now: ContinuousClock.Instant { ContinuousClock.now }
    var minimumResolution: Duration { ContinuousClock().minimumResolution }
    var wallTime: Timestamp { .now }

    func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
        try await ContinuousClock().sleep(until: deadline, tolerance: tolerance)
    }
}
