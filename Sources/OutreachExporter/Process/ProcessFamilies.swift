// SPDX-License-Identifier: Apache-2.0

internal import Exposition

/// The families about the process, named as every Prometheus client names them.
enum ProcessFamilies {
    static let cpuSeconds = Family(
        "process_cpu_seconds_total",
        .counter,
        "Total user and system CPU time spent in seconds."
    )
    static let openFDs = Family("process_open_fds", .gauge, "Number of open file descriptors.")
    static let maxFDs = Family("process_max_fds", .gauge, "Maximum number of open file descriptors.")
    static let residentMemory = Family("process_resident_memory_bytes", .gauge, "Resident memory size in bytes.")
    static let virtualMemory = Family("process_virtual_memory_bytes", .gauge, "Virtual memory size in bytes.")
    static let startTime = Family(
        "process_start_time_seconds",
        .gauge,
        "Start time of the process since unix epoch in seconds."
    )

    /// All of them, in the order of the page.
    static let all = [cpuSeconds, openFDs, maxFDs, residentMemory, virtualMemory, startTime]
}
