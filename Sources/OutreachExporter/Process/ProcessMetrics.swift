// SPDX-License-Identifier: Apache-2.0

internal import Exposition
internal import Glibc
internal import Synchronization

/// The families about the process, named as every Prometheus client names them.
enum ProcessFamilies {
    static let cpuSeconds = MetricFamily(
        counter: "process_cpu_seconds_total",
        "Total user and system CPU time spent in seconds."
    )
    static let openFDs = MetricFamily(gauge: "process_open_fds", "Number of open file descriptors.")
    static let maxFDs = MetricFamily(gauge: "process_max_fds", "Maximum number of open file descriptors.")
    static let residentMemory = MetricFamily(gauge: "process_resident_memory_bytes", "Resident memory size in bytes.")
    static let virtualMemory = MetricFamily(gauge: "process_virtual_memory_bytes", "Virtual memory size in bytes.")
    static let startTime = MetricFamily(
        gauge: "process_start_time_seconds",
        "Start time of the process since unix epoch in seconds."
    )

    /// All of them, in the order of the page.
    static let all = [cpuSeconds, openFDs, maxFDs, residentMemory, virtualMemory, startTime]
}

struct ProcessStatistics {
    /// User and system time, in seconds.
    let cpuSeconds: Double
    /// Open file descriptors; `nil` where /proc cannot be read.
    let openFDs: Int?
    /// The soft limit of open file descriptors; `nil` where the kernel does not tell it.
    let maxFDs: UInt?
    /// Resident and virtual memory, in bytes; `nil` where /proc cannot be read.
    let memory: (resident: Int, virtual: Int)?

    init() {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        cpuSeconds = usage.ru_utime.seconds + usage.ru_stime.seconds
        maxFDs = RLIMIT_NOFILE.limit?.rlim_cur
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

/// The process's statistics, read at most once per second.
///
/// Counting descriptors walks a directory of them, which with many clients costs more than the rest of a scrape.
final class ProcessStatisticsCache: Sendable {
    private static let maxAge = Duration.seconds(1)

    private let read: @Sendable () -> ProcessStatistics
    private let latest = Mutex<(value: ProcessStatistics, readAt: ContinuousClock.Instant)?>(nil)

    /// Makes an empty cache.
    ///
    /// - Parameter read: reads the current values.
    init(_ read: @escaping @Sendable () -> ProcessStatistics = { ProcessStatistics() }) {
        self.read = read
    }

    /// The values, at most a second old.
    func value(at now: ContinuousClock.Instant = .now) -> ProcessStatistics {
        latest.withLock { latest in
            if let latest, now - latest.readAt < Self.maxAge { return latest.value }
            let value = read()
            latest = (value, now)
            return value
        }
    }
}
