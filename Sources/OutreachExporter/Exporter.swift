// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Exposition
internal import FoundationEssentials
internal import HTTPClient
internal import HTTPServer
internal import Outreach
internal import WebConfig

/// The composition of the running exporter: collection, metrics page and server.
struct Exporter {
    private let log: Log
    private let manager: CollectionManager
    private let context: CollectionContext
    private let page: MetricsPage
    private let server: Server
    private let configuration: ConfigurationReloader
    private let web: WebConfiguration?
    /// The status page of a demo, for whoever started it to open.
    private let demoURL: String?
    private let systemd = SystemdNotifier(environment: ProcessInfo.processInfo.environment)

    /// Composes the exporter and binds its addresses; nothing runs before `run`.
    ///
    /// - Throws: `ServerError` or `PassedSockets.MissingError` where an address is not available, `StorageError` where
    ///   the storage is not usable.
    init(
        _ arguments: Arguments,
        _ source: SettingsSource,
        _ settings: Settings,
        transport: any Transport,
        web: WebConfiguration?,
        access: AccessCheck,
        reloads: ReloadState,
        log: Log
    ) throws {
        let clock = SystemClock()
        let startedAt = clock.wallTime
        let archive = try settings.storagePath.map { path in
            FileSnapshotStore(
                directory: path,
                lock: try StorageDirectory(path: path).prepare(for: arguments.shard)
            )
        }
        let environment = CollectionContext(
            clock: clock,
            totalRequests: ProcessSetup.providerConnections,
            archive: archive,
            observe: { log.write($0) }
        )
        let counts = RequestCounts()
        let manager = CollectionManager(in: environment)
        let page = MetricsPage(
            [environment.store, CollectionSection(environment.records)],
            live: ExporterSection(startedAt: startedAt, requests: counts, reloads: reloads, shard: arguments.shard)
        )
        var serverConfiguration = try Server.Configuration(arguments, web)
        if serverConfiguration.isLimitedByOpenFiles {
            log.warnOfFewFiles(ProcessSetup.openFiles, connections: serverConfiguration.maxConnections)
        }
        let configuration = ConfigurationReloader(
            source,
            startingWith: settings,
            manager: manager,
            transport: transport,
            web: web,
            access: access,
            state: reloads,
            log: log
        )
        let endpoints = Endpoints(
            prefix: arguments.routePath,
            telemetryPath: arguments.telemetryPath,
            page: page,
            isSecure: serverConfiguration.tls != nil,
            manager: manager,
            accounts: { environment.records.statuses },
            status: { access in
                StatusPage(
                    now: clock.wallTime,
                    startedAt: startedAt,
                    series: access == .all ? page.seriesCount : nil,
                    metricsPath: String(arguments.telemetryPath.dropFirst()),
                    isDemo: arguments.command == .demo,
                    accounts: environment.records.statuses.filter { access.includes($0.account.name) }
                        .map { AccountRow($0, now: clock.wallTime) }
                )
            },
            reload: {
                await withCheckedContinuation { continuation in
                    configuration.reload { continuation.resume(returning: $0) }
                }
            },
            counts: counts,
            crossOrigin: CrossOriginProtection(external: arguments.externalURL?.authority)
        )
        let probes = arguments.authenticatesProbes ? [] : Endpoints.probes.map { arguments.routePath + $0 }
        let middleware = web.map { web in
            WebMiddleware(
                web,
                openPaths: Set(probes),
                // Others are answered meanwhile.
                maxPasswordChecks: max(1, min(9, arguments.maxRequests / 2)),
                onRejection: { counts.add("other", $0) },
                handler: { endpoints.answer(to: $0, for: $1) }
            )
        }
        serverConfiguration.ownResponse = { response in
            counts.add("other", response.status)
            return middleware?.withHeaders(response) ?? response
        }
        server = try Server(serverConfiguration) { middleware?.handle($0) ?? endpoints.answer(to: $0, for: .all) }
        (self.log, self.manager, self.page, self.configuration) = (log, manager, page, configuration)
        (context, self.web) = (environment, web)
        let url = server.addresses.first?.url(isSecure: serverConfiguration.tls != nil)
        demoURL = arguments.command == .demo ? url.map { $0 + arguments.routePath + "/" } : nil
    }

    /// Collects and serves until the process is asked to stop.
    ///
    /// - Throws: `ServerError` where the system has no threads or descriptors for it.
    func run(until signals: AsyncStream<Signals.Request>) async throws {
        for address in server.addresses { log.info("listening", ["address": address]) }
        if let demoURL { log.info("the demo's status page", ["url": demoURL]) }
        try await withThrowingTaskGroup { group in
            group.addTask { try await server.run() }
            group.addTask { await page.run() }
            group.addTask { await manager.run() }
            group.addTask { await context.followWallClock() }
            if let web { group.addTask { await web.followFiles() } }
            group.addTask { await handle(signals) }
            defer { group.cancelAll() }
            // The first task to end is the handler of signals, or the server with an error.
            try await group.next()
            log.info("stopping")
            systemd?.notify(.stopping)
        }
    }

    /// Has the configuration reloaded at each request, until asked to stop, which waits for no reload.
    private func handle(_ signals: AsyncStream<Signals.Request>) async {
        systemd?.notify(.ready)
        for await signal in signals {
            guard signal == .reload else { break }
            systemd?.notify(.reloading)
            configuration.reload { [systemd] _ in systemd?.notify(.ready) }
        }
    }
}
