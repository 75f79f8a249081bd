// SPDX-License-Identifier: Apache-2.0

internal import Exposition
internal import Outreach

/// The numbers that change with every scrape: the exporter's and the process's own.
struct MomentSection: Section {
    /// When the process started.
    let startedAt: Timestamp
    /// Requests answered.
    let requests: RequestCounts
    /// How the configuration was read last.
    let reloads: ReloadState
    /// What the kernel says about the process.
    let process = ProcessWatch()

    /// Never looked at: this section is rendered anew for every scrape.
    var version: UInt64 { 0 }

    func write(to writer: inout ExpositionWriter) {
        writeExporter(to: &writer)
        writeProcess(process.reading(), to: &writer)
    }

    private func writeExporter(to writer: inout ExpositionWriter) {
        writer.open(ExporterFamilies.buildInfo)
        writer.sample(Self.build, 1)
        let reloads = reloads.value
        writer.open(ExporterFamilies.reloadSuccessful)
        writer.sample(Labels(), reloads.successful ? 1 : 0)
        writer.open(ExporterFamilies.reloadSuccessTime)
        writer.sample(Labels(), reloads.lastSuccess.seconds)
        writer.open(ExporterFamilies.httpRequests)
        for (key, count) in requests.snapshot {
            writer.sample(Labels(["handler": key.handler, "code": String(key.code)]), Double(count))
        }
    }

    private func writeProcess(_ reading: ProcessReading, to writer: inout ExpositionWriter) {
        write(ProcessFamilies.cpuSeconds, reading.cpuSeconds, to: &writer)
        write(ProcessFamilies.openFDs, reading.openFDs.map(Double.init), to: &writer)
        write(ProcessFamilies.maxFDs, Double(reading.maxFDs), to: &writer)
        write(ProcessFamilies.residentMemory, reading.memory.map { Double($0.resident) }, to: &writer)
        write(ProcessFamilies.virtualMemory, reading.memory.map { Double($0.virtual) }, to: &writer)
        write(ProcessFamilies.startTime, startedAt.seconds, to: &writer)
    }

    private func write(_ family: Family, _ value: Double?, to writer: inout ExpositionWriter) {
        guard let value else { return }
        writer.open(family)
        writer.sample(Labels(), value)
    }

    private static let build = Labels([
        "version": Build.version, "revision": Build.revision, "swift_version": Build.swiftVersion,
    ])
}
