// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Glibc
internal import Synchronization

/// A serial executor with a thread of its own, which drives libcurl between jobs.
final class CurlExecutor: SerialExecutor {
    private struct Queue {
        var jobs: [UnownedJob] = []
        var isStopped = false
    }

    /// An eventfd that is readable while jobs are queued; the thread waits for it.
    let wakeUp: Int32
    private let queue = Mutex(Queue())
    private let thread = Atomic<pthread_t>(0)

    /// Creates an executor; jobs are queued until `start`.
    init() throws(TransportError) {
        wakeUp = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard wakeUp >= 0 else { throw .unreachable("no file descriptor left") }
    }

    deinit {
        close(wakeUp)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // Under the lock: a job that is taken may release the last reference to this object.
        queue.withLock {
            $0.jobs.append(job)
            if $0.jobs.count == 1 { signal() }
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
    /// - Parameter drive: called after every batch of jobs; returns whether to call it again without waiting for jobs.
    /// - Throws: `unreachable` if the system has no thread left.
    func start(_ drive: @escaping @Sendable () -> Bool) throws(TransportError) {
        try startThread { self.loop(drive) }
    }

    /// Ends the thread after the current job.
    func stop() {
        queue.withLock {
            $0.isStopped = true
            signal()
        }
    }

    private func loop(_ drive: () -> Bool) {
        thread.store(pthread_self(), ordering: .relaxed)
        var isBusy = false
        while let jobs = nextJobs(waiting: !isBusy) {
            for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
            isBusy = drive()
        }
    }

    /// The queued jobs; `nil` after `stop`.
    private func nextJobs(waiting: Bool) -> [UnownedJob]? {
        if waiting {
            var entry = pollfd(fd: wakeUp, events: Int16(POLLIN), revents: 0)
            poll(&entry, 1, -1)
        }
        return queue.withLock {
            var count: eventfd_t = 0
            eventfd_read(wakeUp, &count)
            return $0.isStopped ? nil : exchange(&$0.jobs, with: [])
        }
    }

    private func signal() {
        eventfd_write(wakeUp, 1)
    }
}

/// A closure as an object, of which C can hold a pointer.
private final class Work: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }
}

/// Starts a detached thread.
func startThread(_ body: @escaping @Sendable () -> Void) throws(TransportError) {
    // The thread takes over the retained reference.
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

/// Blocks all signals in this thread but those of its own faults.
///
/// OpenSSL writes to sockets without `MSG_NOSIGNAL`, and libcurl ignores `SIGPIPE` only where it may touch signal
/// handlers: unblocked, a connection that breaks in the middle of a request would end the process.
private func blockSignals() {
    var signals = sigset_t()
    sigfillset(&signals)
    for fault in [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT] { sigdelset(&signals, fault) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
}
