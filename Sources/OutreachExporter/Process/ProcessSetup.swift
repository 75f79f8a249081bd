// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// The line that a process ends with which cannot go on, as where memory has run out.
enum CrashMessage {
    /// Has a fault say so before it ends the process, unless something else looks after faults already.
    static func announce() {
        for fault in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT] {
            var present = sigaction()
            guard sigaction(fault, nil, &present) == 0, present.__sigaction_handler.sa_handler == nil else { continue }
            var announced = sigaction()
            announced.__sigaction_handler.sa_handler = { CrashMessage.sayLastWords($0) }
            announced.sa_flags = CInt(bitPattern: SA_RESETHAND)
            sigaction(fault, &announced, nil)
        }
    }

    /// Writes the line from inside a signal handler, without allocation or lock, and ends the process by the same fault.
    private static func sayLastWords(_ fault: CInt) {
        let words: StaticString =
            "outreach-exporter: a fault ends it: memory has run out, or this is a bug; what is stored is intact\n"
        _ = write(STDERR_FILENO, words.utf8Start, words.utf8CodeUnitCount)
        raise(fault)
    }
}

/// What the process settles with the kernel before it does anything.
enum Limits {
    /// How many files this process may have open, connections included.
    static var openFiles: Int {
        var files = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files) == 0 else { return 0 }
        return Int(clamping: files.rlim_cur)
    }

    /// Keeps keys out of core dumps and away from debuggers, has faults say that they are the end, and allows as many
    /// open files as the system does.
    static func settle() {
        _ = linux_forbid_dumps()
        CrashMessage.announce()
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        var files = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &files) == 0 else { return }
        files.rlim_cur = files.rlim_max
        setrlimit(resource, &files)
    }
}

/// The threads that the process needs before it can do anything.
enum ThreadCheck {
    /// Threads that there are on every machine, with some to spare; tasks take one for each of its processors besides.
    private static let anywhere = 14

    /// Tries whether the system gives them.
    ///
    /// - Returns: why the process must not go on: libdispatch would wait for them for ever.
    static func settle() -> String? {
        shareReserve()
        let needed = anywhere + sysconf(CInt(_SC_NPROCESSORS_ONLN))
        let given = start(needed)
        guard given < needed else { return nil }
        return "the system gives \(given) threads of the \(needed) it takes: "
            + "raise TasksMax=, `ulimit -u` or `ulimit -v`"
    }

    /// malloc reserves 64 MB of addresses for each thread, nearly all of it for nothing; where `ulimit -v` bounds them
    /// they are not there for the stack of the next thread.
    private static func shareReserve() {
        var bound = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &bound) == 0, bound.rlim_cur != rlim_t.max
        else { return }
        linux_share_reserve()
    }

    /// Starts so many threads at the same time, and ends them; returns how many there were.
    private static func start(_ count: Int) -> Int {
        let gate = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
        sem_init(gate, 0, 0)
        defer {
            sem_destroy(gate)
            gate.deallocate()
        }
        var threads: [pthread_t] = []
        while threads.count < count {
            var thread = pthread_t()
            guard pthread_create(&thread, nil, wait, gate) == 0 else { break }
            threads.append(thread)
        }
        for _ in threads { sem_post(gate) }
        for thread in threads { pthread_join(thread, nil) }
        return threads.count
    }
}

private func wait(at gate: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let gate { sem_wait(gate.assumingMemoryBound(to: sem_t.self)) }
    return nil
}
