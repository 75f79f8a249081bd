// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// The threads that the process needs before it can do anything.
enum Threads {
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
