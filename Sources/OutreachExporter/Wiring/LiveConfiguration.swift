// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Doors
internal import HTTPClient
internal import Synchronization

/// The configuration in force, and the way to read it again without losing anything.
final class LiveConfiguration: Sendable {
    private let source: SettingsSource
    private let fleet: Fleet
    private let transport: any Transport
    private let web: WebConfiguration?
    private let state: ReloadState
    private let log: Log
    private let turn = Mutex(())

    /// A configuration from a source, for a fleet.
    init(
        _ source: SettingsSource,
        fleet: Fleet,
        transport: any Transport,
        web: WebConfiguration?,
        state: ReloadState,
        log: Log
    ) {
        self.source = source
        self.fleet = fleet
        self.transport = transport
        self.web = web
        self.state = state
        self.log = log
    }

    /// Puts settings in force; accounts that they do not change go on as if nothing had happened.
    func apply(_ settings: Settings) {
        fleet.apply(settings.accounts.compactMap { $0.plan(over: transport, limits: settings.limits) })
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
            apply(try source.load())
            log.info("configuration read again")
            return nil
        } catch {
            state.fail(.settings)
            log.error("configuration stays as it was", ["reason": "\(error)", "advice": "mend it and reload again"])
            return "\(error)"
        }
    }
}
