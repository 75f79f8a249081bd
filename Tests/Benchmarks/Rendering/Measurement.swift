// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// What the process costs.
enum Measurement {
    /// Processor time of the process, in milliseconds.
    static var processorTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
    }

    /// Resident memory now and at its highest, in megabytes.
    static var resident: (now: Double, peak: Double) {
        (status("VmRSS:"), status("VmHWM:"))
    }

    /// The least processor time of several runs, in milliseconds: what is above it is other people's load.
    static func best(of runs: Int, _ body: () async -> Void) async -> Double {
        var best = Double.infinity
        for _ in 0..<runs {
            let start = processorTime
            await body()
            best = min(best, processorTime - start)
        }
        return best
    }

    private static func status(_ key: String) -> Double {
        guard let file = fopen("/proc/self/status", "r") else { return .nan }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), file) != nil {
            let words = String(decoding: line.prefix { $0 != 0 }.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
                .split { $0 == " " || $0 == "\t" }
            if words[0] == key { return (Double(words[1]) ?? .nan) * 1024 / 1e6 }
        }
        return .nan
    }
}
