// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// The addresses that the process may reserve, where `ulimit -v` bounds them.
enum AddressSpace {
    /// What program, libraries and a small page take, in bytes.
    private static let program = 64 << 20
    /// Threads that there are on every machine, and for each of its processors.
    private static let (threads, threadsPerProcessor) = (8, 2)
    /// What a thread's stack takes where nothing bounds it, as in pthread_create(3).
    private static let usualStack = 2 << 20

    /// Makes do with the bound.
    ///
    /// malloc reserves 64 MB for each thread, nearly all of it for nothing, and what it took is not there for the stack
    /// of the next thread. Under a bound all threads share one reserve.
    ///
    /// - Returns: why the process must not go on: libdispatch would wait for threads for ever.
    static func settle() -> String? {
        guard let bound = limit(RLIMIT_AS) else { return nil }
        linux_share_reserve()
        let stacks = threads + threadsPerProcessor * sysconf(CInt(_SC_NPROCESSORS_ONLN))
        let needed = program + stacks * (limit(RLIMIT_STACK) ?? usualStack)
        guard bound < needed else { return nil }
        return """
            \(bound >> 20) MB of address space are too few, it needs \(needed >> 20): raise or remove `ulimit -v`, and \
            bound memory with MemoryMax= instead
            """
    }

    /// The limit that holds now; `nil` where there is none (`RLIM_INFINITY`, which Swift does not import).
    private static func limit(_ resource: __rlimit_resource) -> Int? {
        var bounds = rlimit()
        guard getrlimit(__rlimit_resource_t(resource.rawValue), &bounds) == 0, bounds.rlim_cur != rlim_t.max
        else { return nil }
        return Int(clamping: bounds.rlim_cur)
    }
}
