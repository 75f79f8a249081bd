// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Glibc
internal import Synchronization

/// A serial executor that is one thread, which between its jobs drives libcurl.
final class CurlExecutor: SerialExecutor {
    private struct Queue {
        var jobs: [UnownedJob] = []
        var isStopped = false
    }

    /// An eventfd that is readable as long as jobs wait: what the thread sleeps on.
    let bell: Int32
    private let queue = Mutex(Queue())
    private let thread = Atomic<pthread_t>(0)

    /// Prepares an executor; jobs wait until it is started.
    init() throws(TransportError) {
        bell = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard bell >= 0 else { throw .unreachable("no file descriptor left") }
    }

    deinit {
        close(bell)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // The bell rings under the lock: the job may release the last reference to this object as soon as it is taken.
        queue.withLock {
            $0.jobs.append(job)
            if $0.jobs.count == 1 { ring() }
        }
    }

    func isIsolatingCurrentContext() -> Bool? {
        pthread_equal(thread.load(ordering: .relaxed), pthread_self()) != 0
    }

    func checkIsolated() {
        precondition(isIsolatingCurrentContext() == true, "not on the thread of libcurl")
    }

    /// Starts the thread.
    ///
    /// - Parameter turn: called after every batch of jobs; says whether it wants to be called again without one.
    /// - Throws: `unreachable` where the system gives no thread.
    func start(_ turn: @escaping @Sendable () -> Bool) throws(TransportError) {
        try startThread { self.loop(turn) }
    }

    /// Ends the thread after the job that it is in.
    func stop() {
        queue.withLock {
            $0.isStopped = true
            ring()
        }
    }

    private func loop(_ turn: () -> Bool) {
        thread.store(pthread_self(), ordering: .relaxed)
        var isBusy = false
        while let jobs = nextJobs(waiting: !isBusy) {
            for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
            isBusy = turn()
        }
    }

    /// Takes what waits, or `nil` when stopped.
    private func nextJobs(waiting: Bool) -> [UnownedJob]? {
        if waiting {
            var entry = pollfd(fd: bell, events: Int16(POLLIN), revents: 0)
            poll(&entry, 1, -1)
        }
        return queue.withLock {
            var count: eventfd_t = 0
            eventfd_read(bell, &count)
            return $0.isStopped ? nil : exchange(&$0.jobs, with: [])
        }
    }

    private func ring() {
        eventfd_write(bell, 1)
    }
}

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
