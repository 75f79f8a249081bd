// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import HTTPClient

/// Writes the providers' past data as OpenMetrics, until it is complete or the process is asked to stop.
struct BackfillCommand {
    let arguments: Arguments
    let source: SettingsSource
    let log: Log

    /// Runs and prints a summary; returns the exit status.
    func run(until signals: AsyncStream<Signals.Request>) async -> Int32 {
        do {
            let clock = SystemClock()
            let options = try BackfillOptions(arguments.history, try source.load(), now: clock.wallTime)
            let environment = CollectionContext(
                clock: clock,
                totalRequests: ProcessSetup.providerConnections,
                observe: { log.write($0) }
            )
            let transport = try CurlTransport(.outbound())
            let progress = BackfillProgress {
                environment.records.records.reduce(0) { $0 + $1.counters.allRequests }
            }
            let backfill = BackfillRun(
                options: options,
                transport: transport,
                environment: environment,
                progress: progress,
                failures: BackfillFailures(log: log)
            )
            let summary = try await finish(backfill, progress, or: signals)
            await transport.shutdown()
            return Output.print("\(summary)", status: summary.exitStatus)
        } catch {
            Output.diagnose("\(error)")
            if case .usage? = error as? BackfillError { return UsageError.exitCode }
            return 1
        }
    }

    /// Waits for the end of the backfill, or throws when the process is asked to stop.
    private func finish(
        _ backfill: BackfillRun,
        _ progress: BackfillProgress,
        or signals: AsyncStream<Signals.Request>
    ) async throws -> BackfillSummary {
        try await withThrowingTaskGroup(of: BackfillSummary?.self) { group in
            group.addTask { try await backfill.run() }
            group.addTask {
                await progress.run()
                return nil
            }
            group.addTask {
                for await signal in signals where signal == .stop { throw BackfillError.interrupted }
                return nil
            }
            defer { group.cancelAll() }
            while let outcome = try await group.next() {
                if let outcome { return outcome }
            }
            throw BackfillError.interrupted
        }
    }
}
