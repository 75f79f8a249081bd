// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Glibc
internal import HTTPClient
internal import WebConfig

/// Collects and serves until it is asked to stop.
struct RunCommand {
    let arguments: Arguments
    let source: SettingsSource
    let log: Log

    /// Runs; returns the exit status.
    func run(until signals: AsyncStream<Signals.Request>) async -> Int32 {
        do {
            let settings = try source.load()
            let reloads = ReloadState(at: .now)
            let access = AccessCheck(log)
            let web = try arguments.webConfigFile.map { file in
                try WebConfiguration(
                    file: file,
                    accountsFile: arguments.accountsFile,
                    checking: access,
                    noting: reloads,
                    in: log
                )
            }
            let transport = try CurlTransport(.outbound())
            try await Exporter(
                arguments,
                source,
                settings,
                transport: transport,
                web: web,
                access: access,
                reloads: reloads,
                log: log
            )
            .run(until: signals)
            await transport.shutdown()
            return 0
        } catch {
            log.exit(because: error)
            return 1
        }
    }
}

extension CurlSettings {
    /// The settings of requests to providers; `SSL_CERT_FILE` replaces the certificate authorities of the system.
    static func outbound() -> CurlSettings {
        let authorities = ProcessInfo.processInfo.environment["SSL_CERT_FILE"].flatMap { $0.isEmpty ? nil : $0 }
        return CurlSettings(
            userAgent: Build.userAgent,
            maxConnections: ProcessSetup.providerConnections,
            authorities: authorities
        )
    }
}
