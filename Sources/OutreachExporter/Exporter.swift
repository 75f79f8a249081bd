// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import WebConfig
internal import Exposition
internal import FoundationEssentials
internal import HTTPClient
internal import HTTPServer
internal import Outreach
internal import Providers
internal import Synchronization

/// The exporter put together: collection, page and endpoints, from settings to sockets.
struct Exporter {
    private let log: Log
    private let clock = SystemClock()
    private let fleet: CollectionManager
    private let page: MetricsPage
    private let server: Server
    private let configuration: LiveConfiguration
    private let supervisor = SystemdNotifier(environment: ProcessInfo.processInfo.environment)

    /// Puts the parts together and binds the addresses; nothing runs yet.
    ///
    /// - Throws: `ServerError` or `PassedSockets.Missing` where an address cannot be had, `StorageError` where the
    ///   storage cannot be used.
    init(
        _ arguments: Arguments,
        _ source: SettingsSource,
        _ settings: Settings,
        transport: any Transport,
        web: WebConfiguration?,
        reloads: ReloadState,
        log: Log
    ) throws {
        let startedAt = clock.wallTime
        if let path = settings.storagePath { try StorageDirectory(path: path).prepare() }
        let environment = CollectionContext(
            clock: clock,
            archive: settings.storagePath.map { FileSnapshotStore(directory: $0) },
            observe: { log.write($0) }
        )
        let counts = RequestCounts()
        let fleet = CollectionManager(in: environment)
        let page = MetricsPage(
            [environment.store, CollectionSection(environment.records)],
            moment: MomentSection(startedAt: startedAt, requests: counts, reloads: reloads)
        )
        let configuration = LiveConfiguration(
            source,
            startedWith: settings,
            fleet: fleet,
            transport: transport,
            web: web,
            state: reloads,
            log: log
        )
        let clock = clock
        let endpoints = Endpoints(
            telemetryPath: arguments.telemetryPath,
            page: page,
            fleet: fleet,
            status: {
                StatusPage(
                    now: clock.wallTime,
                    startedAt: startedAt,
                    series: page.seriesCount,
                    metricsPath: arguments.telemetryPath,
                    isDemo: arguments.command == .demo,
                    accounts: environment.records.statuses.map { AccountRow($0, now: clock.wallTime) }
                )
            },
            reload: { configuration.reload() },
            counts: counts
        )
        (self.log, self.fleet, self.page, self.configuration) = (log, fleet, page, configuration)
        let doorkeeper = web.map { web in
            WebMiddleware(web, refused: { counts.add("other", $0) }, handler: { endpoints.answer(to: $0) })
        }
        let serving = try Server.Configuration(arguments, web)
        if serving.isCramped { log.writeFewFiles(Limits.openFiles, connections: serving.maxConnections) }
        server = try Server(serving) { doorkeeper?.answer(to: $0) ?? endpoints.answer(to: $0) }
        configuration.apply(settings)
    }

    /// Collects and serves until the process is asked to stop.
    ///
    /// - Throws: `ServerError` where the system has no threads or descriptors for it.
    func run(until signals: AsyncStream<Signals.Request>) async throws {
        for address in server.addresses { log.info("listening", ["address": address]) }
        try await withThrowingTaskGroup { group in
            group.addTask { try await server.run() }
            group.addTask { await page.run() }
            group.addTask { await fleet.run() }
            group.addTask { await obey(signals) }
            defer { group.cancelAll() }
            // The first to end is who obeys, or who failed.
            try await group.next()
            log.info("stopping")
            supervisor?.tell(.stopping)
        }
    }

    /// Reloads when asked, until asked to stop.
    private func obey(_ signals: AsyncStream<Signals.Request>) async {
        supervisor?.tell(.ready)
        for await signal in signals {
            guard signal == .reload else { break }
            supervisor?.tell(.reloading)
            _ = configuration.reload()
            supervisor?.tell(.ready)
        }
    }
}

/// The configuration in force, and its reload.
final class LiveConfiguration: Sendable {
    private let source: SettingsSource
    private let startSettings: Settings
    private let fleet: CollectionManager
    private let transport: any Transport
    private let web: WebConfiguration?
    private let state: ReloadState
    private let log: Log
    private let turn = Mutex(())

    /// Prepares reloads of a source; nothing is in force before `apply`.
    init(
        _ source: SettingsSource,
        startedWith settings: Settings,
        fleet: CollectionManager,
        transport: any Transport,
        web: WebConfiguration?,
        state: ReloadState,
        log: Log
    ) {
        self.source = source
        startSettings = settings
        self.fleet = fleet
        self.transport = transport
        self.web = web
        self.state = state
        self.log = log
    }

    /// Puts settings in force; unchanged accounts go on undisturbed.
    func apply(_ settings: Settings) {
        fleet.apply(settings.accounts.map { $0.plan(over: transport, limits: settings.limits) })
        log.warnOfOpenKeys(in: settings.keyFiles)
    }

    /// Reads the settings and the web configuration again and puts them in force; bad ones change nothing.
    ///
    /// - Returns: what is wrong with them, or `nil`.
    func reload() -> String? {
        turn.withLock { _ in
            let settingsProblem = reloadSettings()
            let webProblem = web?.reload().map { "\($0)" }
            // Last, so that the moment counts only where all went well.
            if settingsProblem == nil { state.succeed(.settings, at: .now) }
            let problems = [settingsProblem, webProblem].compactMap(\.self)
            return problems.isEmpty ? nil : problems.joined(separator: "\n")
        }
    }

    private func reloadSettings() -> String? {
        do throws(SettingsError) {
            let settings = try source.load()
            let changes = settings.changesNeedingRestart(from: startSettings)
            guard changes.isEmpty else { throw .needsRestart(keys: changes) }
            apply(settings)
            log.info("configuration read again")
            return nil
        } catch {
            state.fail(.settings)
            log.error("configuration stays as it was", ["reason": "\(error)", "advice": "correct it and reload again"])
            return "\(error)"
        }
    }
}
