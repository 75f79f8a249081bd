// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Glibc
internal import Outreach

/// The signals that steer the process, as a sequence.
///
/// The main thread waits for them; it has nothing else to do. An asynchronous `main` cannot: it ends in a wait of
/// libdispatch's that lets every signal through again.
struct Signals {
    /// What the process is asked to do.
    enum Request: Sendable {
        /// SIGTERM or SIGINT: come to an end.
        case stop
        /// SIGHUP: read the configuration again.
        case reload
    }

    /// The requests as they come in.
    let requests: AsyncStream<Request>
    private let continuation: AsyncStream<Request>.Continuation

    /// Takes the signals away from their default actions.
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

/// The machine's own clocks.
struct SystemClock: CollectionClock {
    var now: ContinuousClock.Instant { ContinuousClock.now }
    var minimumResolution: Duration { ContinuousClock().minimumResolution }
    var wallTime: Timestamp { .now }

    func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
        try await ContinuousClock().sleep(until: deadline, tolerance: tolerance)
    }
}
