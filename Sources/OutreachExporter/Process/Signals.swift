// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The signals that steer the process, as a sequence.
enum Signals {
    /// What the process is asked to do.
    enum Request: Sendable {
        /// SIGTERM or SIGINT: come to an end.
        case stop
        /// SIGHUP: read the configuration again.
        case reload
    }

    /// Takes the signals away from their default actions.
    ///
    /// Called before the first thread starts, so that every thread
    /// inherits the mask and only the waiting one receives them.
    static func block() {
        var set = handled
        pthread_sigmask(SIG_BLOCK, &set, nil)
        signal(SIGPIPE, SIG_IGN)
    }

    /// The requests as they come in.
    ///
    /// The thread behind it waits for signals until the process ends.
    static func requests() -> AsyncStream<Request> {
        let (stream, continuation) = AsyncStream<Request>.makeStream()
        let context = Unmanaged.passRetained(Waiter(continuation))
        var thread = pthread_t()
        pthread_create(&thread, nil, waitForSignals, context.toOpaque())
        pthread_detach(thread)
        return stream
    }

    fileprivate static var handled: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&set, signal) }
        return set
    }
}

/// What the waiting thread reports to.
private final class Waiter: Sendable {
    let continuation: AsyncStream<Signals.Request>.Continuation

    init(_ continuation: AsyncStream<Signals.Request>.Continuation) {
        self.continuation = continuation
    }
}

private func waitForSignals(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    let waiter = Unmanaged<Waiter>.fromOpaque(context).takeRetainedValue()
    var set = Signals.handled
    var signal: Int32 = 0
    while sigwait(&set, &signal) == 0 {
        waiter.continuation.yield(signal == SIGHUP ? .reload : .stop)
    }
    return nil
}
