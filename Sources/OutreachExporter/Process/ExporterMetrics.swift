// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Exposition
internal import Outreach
internal import Synchronization

/// The families about the exporter and its page.
enum ExporterFamilies {
    static let buildInfo = MetricFamily(
        info: "outreach_exporter_build_info",
        "Version, revision and compiler of the running exporter.",
        labels: ["version", "revision", "swift_version"]
    )
    static let shardInfo = MetricFamily(
        info: "outreach_exporter_shard_info",
        "The exporter's share of the accounts and the number of shares; missing without `--shard`.",
        labels: ["shard", "shards"]
    )
    static let shards = MetricFamily(
        gauge: "outreach_exporter_shards",
        "The number of shares that the accounts are divided into; missing without `--shard`."
    )
    static let httpRequests = MetricFamily(
        counter: "outreach_exporter_http_requests_total",
        "HTTP requests answered, by endpoint and status.",
        labels: ["handler", "code"]
    )
    static let reloadSuccessful = MetricFamily(
        gauge: "outreach_exporter_config_last_reload_successful",
        "1 if the last reading of the configuration succeeded, 0 if it failed."
    )
    static let reloadSuccessTime = MetricFamily(
        gauge: "outreach_exporter_config_last_reload_success_timestamp_seconds",
        "When the configuration was last read successfully, in seconds since the epoch."
    )

    /// All of them, in the order of the page.
    static let all = [buildInfo, shardInfo, shards, reloadSuccessful, reloadSuccessTime, httpRequests]
}

/// The exporter's and the process's own metrics, which change with every scrape.
struct ExporterSection: LiveSection {
    let startedAt: Timestamp
    let requests: RequestCounts
    /// The outcome of the last reload.
    let reloads: ReloadState
    /// The exporter's share of the accounts; `nil` for all accounts.
    let shard: Shard?
    /// What the kernel reports about the process.
    let process = ProcessStatisticsCache()

    func write(to writer: inout ExpositionWriter) {
        writeExporter(to: &writer)
        writeProcess(process.value(), to: &writer)
    }

    private func writeExporter(to writer: inout ExpositionWriter) {
        writer.open(ExporterFamilies.buildInfo)
        writer.sample(Self.build, 1)
        if let shard {
            writer.open(ExporterFamilies.shardInfo)
            writer.sample(Labels(["shard": String(shard.number), "shards": String(shard.count)]), 1)
            write(ExporterFamilies.shards, Double(shard.count), to: &writer)
        }
        let reloads = reloads.value
        write(ExporterFamilies.reloadSuccessful, reloads.successful ? 1 : 0, to: &writer)
        write(ExporterFamilies.reloadSuccessTime, reloads.lastSuccess.seconds, to: &writer)
        writer.open(ExporterFamilies.httpRequests)
        for (key, count) in requests.all {
            writer.sample(Labels(["handler": key.handler, "code": String(key.code)]), Double(count))
        }
    }

    private func writeProcess(_ reading: ProcessStatistics, to writer: inout ExpositionWriter) {
        write(ProcessFamilies.cpuSeconds, reading.cpuSeconds, to: &writer)
        write(ProcessFamilies.openFDs, reading.openFDs.map(Double.init), to: &writer)
        write(ProcessFamilies.maxFDs, reading.maxFDs.map(Double.init), to: &writer)
        write(ProcessFamilies.residentMemory, reading.memory.map { Double($0.resident) }, to: &writer)
        write(ProcessFamilies.virtualMemory, reading.memory.map { Double($0.virtual) }, to: &writer)
        write(ProcessFamilies.startTime, startedAt.seconds, to: &writer)
    }

    private func write(_ family: MetricFamily, _ value: Double?, to writer: inout ExpositionWriter) {
        guard let value else { return }
        writer.open(family)
        writer.sample(Labels(), value)
    }

    private static let build = Labels([
        "version": Build.version, "revision": Build.revision, "swift_version": Build.swiftVersion,
    ])
}

/// The outcome of the last reading of each configuration file.
final class ReloadState: Sendable {
    /// The configuration file and the web configuration file.
    enum Part: Sendable {
        case settings, web
    }

    /// The values of the two metrics.
    struct Value: Sendable {
        /// Whether the last reading of every part succeeded.
        var successful: Bool
        /// When that became or was confirmed true last.
        var lastSuccess: Timestamp
    }

    private struct State {
        var broken: Set<Part> = []
        var lastSuccess: Timestamp
    }

    private let state: Mutex<State>

    /// Starts as successful: the process does not start without a first success.
    init(at moment: Timestamp) {
        state = Mutex(State(lastSuccess: moment))
    }

    var value: Value {
        state.withLock { Value(successful: $0.broken.isEmpty, lastSuccess: $0.lastSuccess) }
    }

    func succeed(_ part: Part, at moment: Timestamp) {
        state.withLock { state in
            state.broken.remove(part)
            if state.broken.isEmpty { state.lastSuccess = moment }
        }
    }

    /// Records that a part could not be read; its previous content stays in force.
    func fail(_ part: Part) {
        state.withLock { _ = $0.broken.insert(part) }
    }
}

/// The number of requests by endpoint and status.
final class RequestCounts: Sendable {
    struct Key: Hashable, Comparable {
        /// The endpoint's path, or `other` for paths that do not exist.
        let handler: String
        let code: Int

        static func < (left: Key, right: Key) -> Bool {
            (left.handler, left.code) < (right.handler, right.code)
        }
    }

    private let counts = Mutex<[Key: Int]>([:])

    func add(_ handler: String, _ code: Int) {
        counts.withLock { $0[Key(handler: handler, code: code), default: 0] += 1 }
    }

    /// All counters, in the order of the page.
    var all: [(key: Key, count: Int)] {
        counts.withLock { Array($0) }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
