// SPDX-License-Identifier: Apache-2.0

package import Configuration
internal import Dispatch
package import HTTPServer
internal import Synchronization

/// The settings of a web configuration file, in the format of Prometheus's exporter-toolkit, and of an accounts file.
package struct WebSettings: Sendable {
    /// TLS for new connections; `nil` for plain HTTP.
    package var tls: TLSContext?
    /// The file that holds the private key, which may be the web configuration file itself; `nil` without TLS.
    package var keyFile: String?
    /// Header fields to set in every response.
    var headers: [(name: String, value: String)] = []
    /// The users with their passwords; empty if authentication is off.
    var users: [String: PasswordHash] = [:]
    /// What each user may see; `nil` without an accounts file.
    var access: [String: AccountAccess]?
    /// Limits all requests together; `nil` without a limit.
    var rateLimiter: RequestRateLimiter?

    /// Whether a request needs a password or a client certificate.
    var isLocked: Bool { !users.isEmpty || tls?.settings.clientCertificates.isRequired == true }

    /// What a user, or a client without one, may see: everything without an accounts file, else what that says.
    func access(of user: String?) -> AccountAccess {
        guard let access else { return .all }
        return user.flatMap { access[$0] } ?? .only([])
    }

    /// The users of the accounts file that have no password.
    package var usersWithoutPassword: [String] {
        (access ?? [:]).keys.filter { users[$0] == nil }.sorted()
    }

    package var boundAccounts: Set<String> {
        (access ?? [:]).values.reduce(into: []) { if case .only(let accounts) = $1 { $0.formUnion(accounts) } }
    }
}

/// Why there are no web settings; the description has a line for each mistake.
package enum WebSettingsError: Error, Hashable, CustomStringConvertible {
    case unreadable(FileError)
    case invalid(file: String, Diagnostics)
    /// The file turns TLS on or off, which takes a restart.
    case needsRestart(file: String)
    /// The file asks neither for a password nor for a client certificate any more, unlike the settings in force.
    case opensLastLock(file: String)

    package var description: String {
        switch self {
        case .unreadable(let error): "\(error)"
        case .invalid(let file, let diagnostics): diagnostics.lines(in: file).joined(separator: "\n")
        case .needsRestart(let file): "\(file): TLS is turned on or off by a restart only"
        case .opensLastLock(let file):
            "\(file): it asks for no password and no client certificate any more, which only a restart applies"
        }
    }
}

/// The web settings in force, reloaded when the web configuration file, a file that it names or the accounts file
/// changes.
///
/// An invalid file is reported once, and the previous settings stay in force.
package final class WebConfiguration: Sendable {
    private let file: String
    private let accountsFile: String?
    private let onReload: @Sendable (Result<WebSettings, WebSettingsError>) -> Void
    private let current: Mutex<WebSettings>
    /// The stamps of the files read last; locked for as long as files are read, which requests do not wait for.
    private let stamps: Mutex<[String: FileStamp]>

    /// Reads the settings for the first time.
    ///
    /// - Parameters:
    ///   - file: the path of the web configuration file.
    ///   - accountsFile: the path of the file that binds users to accounts; `nil` lets every client see everything.
    ///   - onReload: called after each reload, with the new settings or the error.
    /// - Throws: `unreadable` or `invalid`.
    package init(
        file: String,
        accountsFile: String? = nil,
        onReload: @escaping @Sendable (Result<WebSettings, WebSettingsError>) -> Void
    ) throws(WebSettingsError) {
        self.file = file
        self.accountsFile = accountsFile
        self.onReload = onReload
        let (result, stamps) = Self.read(file, accountsFile)
        current = Mutex(try result.get())
        self.stamps = Mutex(stamps)
    }

    /// Reads both files; they hold together or not at all.
    private static func read(
        _ file: String,
        _ accountsFile: String?
    ) -> (result: Result<WebSettings, WebSettingsError>, stamps: [String: FileStamp]) {
        let read = WebConfigReader.read(file)
        guard let accountsFile else { return read }
        let stamp = FileStamp(of: accountsFile)
        let result = Result { () throws(WebSettingsError) in
            var settings = try read.result.get()
            settings.access = try AccountsFile.read(accountsFile, for: Array(settings.users.keys))
            return settings
        }
        return (result, read.stamps.merging([accountsFile: stamp]) { $1 })
    }

    package var settings: WebSettings { current.withLock { $0 } }

    /// Reloads the settings when files have changed, until cancelled.
    ///
    /// A file system that hangs occupies a thread of its own, and neither requests nor the end of the process wait for
    /// it.
    ///
    /// - Parameter interval: the time between two checks.
    package func followFiles(checkingEvery interval: Duration = .seconds(1)) async {
        let queue = DispatchQueue(label: "web-configuration")
        let isChecking = Atomic(false)
        while (try? await Task.sleep(for: interval)) != nil {
            guard !isChecking.exchange(true, ordering: .relaxed) else { continue }
            queue.async {
                self.checkFiles()
                isChecking.store(false, ordering: .relaxed)
            }
        }
    }

    /// Reloads the settings if a file has changed since it was read.
    func checkFiles() {
        stamps.withLock { stamps in
            if stamps.contains(where: { $0.value != FileStamp(of: $0.key) }) { _ = reload(&stamps) }
        }
    }

    /// Reloads the settings now.
    ///
    /// - Returns: the error, after which the previous settings stay in force, or `nil`.
    package func reload() -> WebSettingsError? {
        stamps.withLock { reload(&$0) }
    }

    private func reload(_ stamps: inout [String: FileStamp]) -> WebSettingsError? {
        let result: Result<WebSettings, WebSettingsError>
        (result, stamps) = Self.read(file, accountsFile)
        do throws(WebSettingsError) {
            var settings = try result.get()
            let previous = self.settings
            guard (settings.tls == nil) == (previous.tls == nil) else { throw .needsRestart(file: file) }
            guard settings.isLocked || !previous.isLocked else { throw .opensLastLock(file: file) }
            // An unchanged limit keeps its tokens.
            if settings.rateLimiter?.limit == previous.rateLimiter?.limit {
                settings.rateLimiter = previous.rateLimiter
            }
            current.withLock { $0 = settings }
            onReload(.success(settings))
            return nil
        } catch {
            onReload(.failure(error))
            return error
        }
    }
}
