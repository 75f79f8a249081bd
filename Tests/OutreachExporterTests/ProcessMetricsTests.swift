// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import OutreachExporter

/// The statistics of the process.
@Suite struct ProcessMetricsTests {
    @Test("asks the kernel once a second, however often it is asked itself")
    func cached() {
        let count = CallCount()
        let cache = ProcessStatisticsCache {
            count.value.withLock { $0 += 1 }
            return ProcessStatistics()
        }
        let start = ContinuousClock.now
        let calls = [0, 10, 999, 1000, 1500, 2100].map { milliseconds in
            _ = cache.value(at: start + .milliseconds(milliseconds))
            return count.value.withLock { $0 }
        }
        #expect(calls == [1, 1, 1, 2, 2, 3])
    }

    @Test("reads what the kernel says")
    func reading() throws {
        let reading = ProcessStatistics()
        #expect(reading.cpuSeconds > 0)
        #expect(try #require(reading.openFDs) > 2)
        #expect(try #require(reading.maxFDs) > 0)
        #expect(try #require(reading.memory).resident > 1 << 20)
    }
}

private final class CallCount: Sendable {
    let value = Mutex(0)
}
