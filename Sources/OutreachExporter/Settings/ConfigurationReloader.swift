// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Dispatch
internal import HTTPClient
internal import Outreach
internal import WebConfig

/// Puts the configuration in force, at the start and at every reload.
final class ConfigurationReloader: Sendable {
    private let source: SettingsSource
    private let startSettings: Settings
    private let manager: CollectionManager
    private let transport: any Transport
    private let web: WebConfiguration?
    private let access: AccessCheck
    private let state: ReloadState
    private let log: Log
    /// Files are read here: a file system that hangs must not hold up the threads of the server and of the tasks.
    private let queue = DispatchQueue(label: "configuration")

    /// Puts the settings of the start in force.
    ///
    /// - Parameters:
    ///   - source: where a reload reads the settings.
    ///   - settings: the settings of the start; those that only a restart applies hold as long as the process.
    ///   - manager: the collection.
    ///   - transport: carries the requests to the providers.
    ///   - web: the web configuration, if there is one.
    ///   - access: compares the settings with the accounts file.
    ///   - state: receives the outcome of each reload.
    ///   - log: receives it too.
    init(
        _ source: SettingsSource,
        startingWith settings: Settings,
        manager: CollectionManager,
        transport: any Transport,
        web: WebConfiguration?,
        access: AccessCheck,
        state: ReloadState,
        log: Log
    ) {
        self.source = source
        startSettings = settings
        self.manager = manager
        self.transport = transport
        self.web = web
        self.access = access
        self.state = state
        self.log = log
        apply(settings)
    }

    /// Reads the settings and the web configuration again and puts them in force; one with an error stays as it was.
    ///
    /// - Parameter completion: called with what stays as it was and why, or `nil`.
    func reload(_ completion: @escaping @Sendable (_ errors: String?) -> Void) {
        queue.async { completion(self.reloadNow()) }
    }

    private func reloadNow() -> String? {
        let settingsError = reloadSettings()
        let webError = web?.reload().map { "\($0)" }
        // Last, so that the time of the last success only moves where both succeeded.
        if settingsError == nil { state.succeed(.settings, at: .now) }
        if settingsError == nil, webError == nil { return nil }
        let outcomes = [
            settingsError.map { "The configuration stays as it was:\n\($0)" } ?? "The configuration was read again.",
            webError.map { "The web configuration stays as it was:\n\($0)" },
        ]
        return outcomes.compactMap(\.self).joined(separator: "\n")
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

    private func apply(_ settings: Settings) {
        manager.apply(settings.accounts.map { $0.plan(over: transport, limits: settings.limits) })
        log.warnOfOpenKeys(in: settings.keyFiles)
        access.follow(settings)
    }
}
