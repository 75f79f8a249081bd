// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// What the process arranges with the kernel before it does anything else.
enum ProcessSetup {
    /// How many files this process may have open, connections included; 0 where the kernel does not tell.
    static var openFiles: Int { RLIMIT_NOFILE.limit.map { Int(clamping: $0.rlim_cur) } ?? 0 }

    /// Keeps keys out of core dumps and away from debuggers, installs the crash message, and raises the limit of open
    /// files to what the system allows.
    ///
    /// Standard input, output and error that are closed become the null device: a socket or a file that got one of
    /// their numbers would take what is written there.
    static func apply() {
        for stream in STDIN_FILENO...STDERR_FILENO where fcntl(stream, F_GETFD) < 0 {
            // open(2) returns the lowest number that is free, which is this one.
            _ = open("/dev/null", O_RDWR)
        }
        _ = linux_forbid_dumps()
        CrashMessage.install()
        RLIMIT_CORE.set(rlimit(rlim_cur: 0, rlim_max: 0))
        guard var files = RLIMIT_NOFILE.limit else { return }
        files.rlim_cur = files.rlim_max
        RLIMIT_NOFILE.set(files)
    }

    /// The fewest open files with which it serves and collects, and has some to spare: where none is left, libdispatch, which
    /// opens the state of its threads, ends the process.
    private static let fewestFiles = 64

    /// The most connections to providers, which are also the most requests in flight.
    static var providerConnections: Int { openFiles == 0 ? 64 : min(64, max(1, openFiles / 8)) }

    /// An error message where the limit of open files is too low for the process.
    static var problem: String? {
        guard RLIMIT_NOFILE.limit != nil, openFiles < fewestFiles else { return nil }
        return "the system allows \(openFiles) open files of the \(fewestFiles) it takes: "
            + "raise LimitNOFILE= or `ulimit -n`"
    }
}

extension __rlimit_resource {
    /// The limits of a resource, as in getrlimit(2); `nil` where the kernel does not tell them.
    var limit: rlimit? {
        var limit = rlimit()
        return getrlimit(__rlimit_resource_t(rawValue), &limit) == 0 ? limit : nil
    }

    /// Sets the limits of a resource, as far as the process may.
    fileprivate func set(_ limit: rlimit) {
        var limit = limit
        setrlimit(__rlimit_resource_t(rawValue), &limit)
    }
}

/// The line that the process writes when a fault ends it, for instance because memory has run out.
private enum CrashMessage {
    /// Installs a signal handler for each fault that has none yet.
    static func install() {
        for fault in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT] {
            var present = sigaction()
            guard sigaction(fault, nil, &present) == 0, present.__sigaction_handler.sa_handler == nil else { continue }
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { CrashMessage.write($0) }
            action.sa_flags = CInt(bitPattern: SA_RESETHAND)
            sigaction(fault, &action, nil)
        }
    }

    /// Writes the line in the signal handler, without allocation or lock, and ends the process by the same fault.
    private static func write(_ fault: CInt) {
        let line: StaticString =
            "outreach-exporter: a fault ends it: memory has run out, or this is a bug; what is stored is intact\n"
        _ = Glibc.write(STDERR_FILENO, line.utf8Start, line.utf8CodeUnitCount)
        raise(fault)
    }
}

/// The check that the system grants the threads that the process needs.
///
/// Without them libdispatch waits for a thread forever: the process would neither serve nor report anything.
enum ThreadCheck {
    /// Threads of the process on any machine, with some to spare; the task pool has one more for each processor.
    private static let fixedCount = 14

    /// Starts as many threads as the process needs, and ends them.
    ///
    /// - Returns: an error message where the system refuses some of them.
    static func problem() -> String? {
        useSingleArena()
        let needed = fixedCount + sysconf(CInt(_SC_NPROCESSORS_ONLN))
        let started = start(needed)
        guard started < needed else { return nil }
        return "the system gives \(started) threads of the \(needed) it takes: "
            + "raise TasksMax=, `ulimit -u` or `ulimit -v`"
    }

    /// Where `ulimit -v` bounds the address space, malloc's 64 MiB for each thread would leave no room for stacks.
    private static func useSingleArena() {
        if let limit = RLIMIT_AS.limit, limit.rlim_cur != rlim_t.max { linux_share_reserve() }
    }

    /// Starts up to `count` threads that exist at the same time; returns how many the system granted.
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
