// SPDX-License-Identifier: Apache-2.0

import Synchronization

@testable import Exposition

/// A section of one entry, whose samples have its version as value, and which counts how often it is written.
final class FakeSection: Section, LiveSection {
    private struct State {
        var version: UInt64 = 0
        var writes = 0
        var hook: @Sendable () -> Void = {}
        var listeners: [AsyncStream<UInt64>.Continuation] = []
    }

    private let family: MetricFamily
    private let series: Int
    private let state = Mutex(State())

    init(_ name: String, series: Int = 1) {
        family = MetricFamily(name, .gauge, "Test.")
        self.series = series
    }

    var families: [MetricFamily] { [family] }

    var version: UInt64 { state.withLock { $0.version } }

    var writes: Int { state.withLock { $0.writes } }

    func changes() -> AsyncStream<UInt64> {
        let (stream, listener) = AsyncStream.makeStream(of: UInt64.self, bufferingPolicy: .bufferingNewest(1))
        state.withLock { state in
            state.listeners.append(listener)
            listener.yield(state.version)
        }
        return stream
    }

    /// Increments the version.
    func change() {
        state.withLock { state in
            state.version += 1
            for listener in state.listeners { listener.yield(state.version) }
        }
    }

    /// Calls `hook` in the middle of each later write.
    func whileWriting(_ hook: @escaping @Sendable () -> Void) {
        state.withLock { $0.hook = hook }
    }

    func entries(of accounts: Set<String>?) -> [SectionEntry<Void>] {
        [SectionEntry(account: "", version: version, rows: series, content: ())]
    }

    func write(_ contents: [Void], to writer: inout ExpositionWriter) {
        write(to: &writer)
    }

    func write(to writer: inout ExpositionWriter) {
        let (version, hook) = state.withLock { state in
            state.writes += 1
            return (state.version, state.hook)
        }
        hook()
        writer.open(family)
        for index in 0..<series {
            writer.sample(series == 1 ? Labels() : Labels(["index": "\(index)"]), Double(version))
        }
    }
}
