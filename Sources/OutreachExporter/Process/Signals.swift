// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Configuration
internal import CLinux
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

    /// How long an orderly stop may take; a scrape in progress has half of it, as `Server.Configuration.stopTimeout`.
    static let stopLimit = Duration.seconds(2)
    /// The exit status of a process whose stop took longer.
    static let overdueStatus: Int32 = 3

    /// The requests, in the order of the signals.
    let requests: AsyncStream<Request>
    private let continuation: AsyncStream<Request>.Continuation

    /// Prepares for signals, which are blocked already.
    init() {
        (requests, continuation) = AsyncStream.makeStream()
        // A broken pipe and a file that may not grow are errors of the call that met them, not the end.
        for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
    }

    /// Waits for signals until the process ends, and ends it itself where a stop takes longer than `stopLimit`.
    ///
    /// The main thread is the one that no computation, lock or file of the program can hold up. What is cut off loses
    /// nothing: files are replaced as a whole, and the journal of a backfill is read up to its last whole record.
    ///
    /// - Parameter log: told of an end that was not orderly.
    func wait(logging log: Log) -> Never {
        var deadline: ContinuousClock.Instant?
        while true {
            switch next(until: deadline) {
            case .reload?: continuation.yield(.reload)
            case .stop?:
                continuation.yield(.stop)
                deadline = deadline ?? .now + Self.stopLimit
            case nil:
                log.error("stopping took longer than \(Self.stopLimit.text); ending")
                _exit(Self.overdueStatus)
            }
        }
    }

    /// The next request; `nil` where none comes before the deadline.
    private func next(until deadline: ContinuousClock.Instant?) -> Request? {
        while true {
            let signal = Self.wait(until: deadline)
            if signal > 0 { return signal == SIGHUP ? .reload : .stop }
            if signal < 0, errno == EAGAIN { return nil }
        }
    }

    /// The number of the next signal; negative, with `errno`, where none came.
    private static func wait(until deadline: ContinuousClock.Instant?) -> Int32 {
        var set = handled
        guard let deadline else { return sigwaitinfo(&set, nil) }
        return linux_wait_for_signal(&set, Int64(max(.zero, deadline - .now) / .microseconds(1)))
    }

    /// Uses nothing of the Swift runtime.
    fileprivate static var handled: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGTERM)
        sigaddset(&set, SIGINT)
        sigaddset(&set, SIGHUP)
        return set
    }
}

/// Blocks the signals, so that their default actions do not run, before any code of the program or its libraries.
///
/// The dynamic loader calls it when it has loaded everything, and before the libraries initialize themselves, which takes
/// most of the time until `main` (ELF's `DT_PREINIT_ARRAY`). No thread has started, so that every thread inherits the mask
/// and only the waiting one receives the signals. The Swift runtime is not initialized either.
@used
@section(".preinit_array")
private let blockSignals: @convention(c) () -> Void = {
    var set = Signals.handled
    pthread_sigmask(SIG_BLOCK, &set, nil)
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
