// SPDX-License-Identifier: Apache-2.0

internal import Exposition
internal import Glibc
internal import Synchronization

/// The families about the process, named as every Prometheus client names them.
enum ProcessFamilies {
    static let cpuSeconds = MetricFamily(
        "process_cpu_seconds_total",
        .counter,
        "Total user and system CPU time spent in seconds."
    )
    static let openFDs = MetricFamily("process_open_fds", .gauge, "Number of open file descriptors.")
    static let maxFDs = MetricFamily("process_max_fds", .gauge, "Maximum number of open file descriptors.")
    static let residentMemory = MetricFamily("process_resident_memory_bytes", .gauge, "Resident memory size in bytes.")
    static let virtualMemory = MetricFamily("process_virtual_memory_bytes", .gauge, "Virtual memory size in bytes.")
    static let startTime = MetricFamily(
        "process_start_time_seconds",
        .gauge,
        "Start time of the process since unix epoch in seconds."
    )

    /// All of them, in the order of the page.
    static let all = [cpuSeconds, openFDs, maxFDs, residentMemory, virtualMemory, startTime]
}

/// What the kernel says about this process at a moment.
struct ProcessReading {
    /// User and system time, in seconds.
    let cpuSeconds: Double
    /// Open file descriptors; `nil` where /proc is not to be read.
    let openFDs: Int?
    /// The soft limit of open file descriptors.
    let maxFDs: UInt
    /// Resident and virtual memory, in bytes; `nil` where /proc is not to be read.
    let memory: (resident: Int, virtual: Int)?

    /// Takes a reading.
    init() {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        cpuSeconds = usage.ru_utime.seconds + usage.ru_stime.seconds
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        maxFDs = limit.rlim_cur
        openFDs = Self.countEntries(of: "/proc/self/fd")
        memory = Self.readMemory()
    }

    private static func countEntries(of path: String) -> Int? {
        guard let directory = opendir(path) else { return nil }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        // ".", ".." and the descriptor of the directory itself
        return count - 3
    }

    /// The first two numbers of /proc/self/statm are pages of virtual and of resident memory (proc(5)).
    private static func readMemory() -> (resident: Int, virtual: Int)? {
        let file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let text = String(unsafeUninitializedCapacity: 128) { max(read(file, $0.baseAddress, 128), 0) }
        let pages = text.split(separator: " ").prefix(2).compactMap { Int($0) }
        guard pages.count == 2 else { return nil }
        let size = sysconf(Int32(_SC_PAGESIZE))
        return (resident: pages[1] * size, virtual: pages[0] * size)
    }
}

extension timeval {
    fileprivate var seconds: Double { Double(tv_sec) + Double(tv_usec) / 1_000_000 }
}

/// The last reading of the process, taken again when it is too old.
///
/// Descriptors are counted by walking a directory of them: with many clients that is more work than the rest of a
/// scrape together, and no scrape interval is shorter than a second.
final class ProcessWatch: Sendable {
    private static let patience = Duration.seconds(1)

    private let take: @Sendable () -> ProcessReading
    private let latest = Mutex<(reading: ProcessReading, takenAt: ContinuousClock.Instant)?>(nil)

    /// A watch that takes its readings so.
    init(_ take: @escaping @Sendable () -> ProcessReading = { ProcessReading() }) {
        self.take = take
    }

    /// A reading of the last second.
    func reading(at now: ContinuousClock.Instant = .now) -> ProcessReading {
        latest.withLock { latest in
            if let latest, now - latest.takenAt < Self.patience { return latest.reading }
            let reading = take()
            latest = (reading, now)
            return reading
        }
    }
}
