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
