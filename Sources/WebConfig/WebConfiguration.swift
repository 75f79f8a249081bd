// SPDX-License-Identifier: Apache-2.0

package import Configuration
internal import Glibc
package import HTTPServer
internal import Synchronization

/// The settings of a web configuration file, in the format of Prometheus's exporter-toolkit.
package struct WebSettings: Sendable {
    /// TLS for new connections; `nil` for plain HTTP.
    package var tls: TLSContext?
    /// The file that holds the private key, which may be the web configuration file itself; `nil` without TLS.
    package var keyFile: String?
    /// Header fields to set in every response.
    var headers: [(name: String, value: String)] = []
    /// The users with their passwords; empty if authentication is off.
    var users: [String: PasswordHash] = [:]
    /// Limits all requests together; `nil` without a limit.
    var rateLimiter: RequestRateLimiter?
}

/// Why there are no web settings; the description has a line for each mistake.
package enum WebSettingsError: Error, Hashable, CustomStringConvertible {
    /// The file cannot be read.
    case unreadable(FileError)
    /// The file has mistakes.
    case invalid(file: String, Diagnostics)
    /// The file turns TLS on or off, which takes a restart.
    case needsRestart(file: String)

    package var description: String {
        switch self {
        case .unreadable(let error): "\(error)"
        case .invalid(let file, let diagnostics): diagnostics.lines(in: file).joined(separator: "\n")
        case .needsRestart(let file): "\(file): TLS is turned on or off by a restart only"
        }
    }
}

/// The web settings in force, reloaded when the web configuration file or a file that it names changes.
///
/// An invalid file is reported once, and the previous settings stay in force.
package final class WebConfiguration: Sendable {
    private struct State {
        var settings: WebSettings
        var stamps: [String: FileStamp]
        var lastCheck: ContinuousClock.Instant
    }

    private let file: String
    private let checkInterval: Duration
    private let onReload: @Sendable (Result<WebSettings, WebSettingsError>) -> Void
    private let state: Mutex<State>

    /// Reads the settings for the first time.
    ///
    /// - Parameters:
    ///   - file: the path of the web configuration file.
    ///   - checkInterval: the minimum time between two checks of the files for changes.
    ///   - onReload: called after each reload, with the new settings or the error.
    /// - Throws: `unreadable` or `invalid`.
    package init(
        file: String,
        checkingEvery checkInterval: Duration = .seconds(1),
        onReload: @escaping @Sendable (Result<WebSettings, WebSettingsError>) -> Void
    ) throws(WebSettingsError) {
        self.file = file
        self.checkInterval = checkInterval
        self.onReload = onReload
        let (result, stamps) = WebConfigReader.read(file)
        state = Mutex(State(settings: try result.get(), stamps: stamps, lastCheck: .now))
    }

    /// The settings in force; reloads them first if the files were due for a check and have changed.
    package var settings: WebSettings {
        state.withLock { state in
            let now = ContinuousClock.now
            if now - state.lastCheck >= checkInterval {
                state.lastCheck = now
                if state.stamps.contains(where: { $0.value != FileStamp(of: $0.key) }) { _ = reload(&state) }
            }
            return state.settings
        }
    }

    /// Reloads the settings now.
    ///
    /// - Returns: the error, after which the previous settings stay in force, or `nil`.
    package func reload() -> WebSettingsError? {
        state.withLock { reload(&$0) }
    }

    private func reload(_ state: inout State) -> WebSettingsError? {
        let (result, stamps) = WebConfigReader.read(file)
        state.stamps = stamps
        do throws(WebSettingsError) {
            var settings = try result.get()
            guard (settings.tls == nil) == (state.settings.tls == nil) else { throw .needsRestart(file: file) }
            // An unchanged limit keeps its tokens.
            if settings.rateLimiter?.limit == state.settings.rateLimiter?.limit {
                settings.rateLimiter = state.settings.rateLimiter
            }
            state.settings = settings
            onReload(.success(settings))
            return nil
        } catch {
            onReload(.failure(error))
            return error
        }
    }
}

/// The metadata by which a file's replacement or modification is detected.
struct FileStamp: Hashable {
    private let inode: ino_t
    private let size: off_t
    private let seconds: Int
    private let nanoseconds: Int

    /// The stamp of a file; all zero if there is no such file.
    init(of path: String) {
        var status = stat()
        if stat(path, &status) != 0 { status = Glibc.stat() }
        inode = status.st_ino
        size = status.st_size
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }
}
