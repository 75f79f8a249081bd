// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The work of a thread, in a box that travels through C.
private final class Work: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }
}

/// Starts a detached thread.
func startThread(_ body: @escaping @Sendable () -> Void) throws(TransportError) {
    // pthread takes one pointer: a retained box, handed over to exactly one reader, is the only unsafe hand-over here.
    let work = Unmanaged.passRetained(Work(body))
    var thread = pthread_t()
    let status = pthread_create(&thread, nil, run, work.toOpaque())
    guard status == 0 else {
        work.release()
        let reason = String(cString: strerror(status))
        throw .unreachable("the system gives no thread: \(reason); check the limit on threads")
    }
    pthread_detach(thread)
}

private func run(_ work: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    blockSignals()
    if let work { Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body() }
    return nil
}

/// Keeps signals away from the thread, but not its own faults.
///
/// OpenSSL writes to sockets without `MSG_NOSIGNAL`, and libcurl ignores `SIGPIPE` only where it may touch signal
/// handlers: unblocked, a connection that breaks in the middle of a request would end the process.
private func blockSignals() {
    var signals = sigset_t()
    sigfillset(&signals)
    for fault in [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT] { sigdelset(&signals, fault) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
}
