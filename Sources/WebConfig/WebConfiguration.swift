// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import Glibc
package import HTTPServer
internal import Synchronization

/// The web settings in force, read again when one of their files changes.
///
/// Whoever asks for the rules has the files looked at, now and then. A broken file keeps what was in force and is
/// reported once.
package final class WebConfiguration: Sendable {
    private struct State {
        var rules: WebRules
        var stamps: [String: FileStamp]
        var checked: ContinuousClock.Instant
    }

    private let file: String
    private let pause: Duration
    private let report: @Sendable (Result<WebSettings, WebSettingsError>) -> Void
    private let state: Mutex<State>

    /// Reads the settings for the first time.
    ///
    /// - Parameters:
    ///   - file: the web configuration file.
    ///   - pause: how long the files are not looked at again.
    ///   - report: called after the settings were read again, with what is in force now or what is wrong with them.
    /// - Throws: everything that is wrong.
    package init(
        file: String,
        lookingEvery pause: Duration = .seconds(1),
        report: @escaping @Sendable (Result<WebSettings, WebSettingsError>) -> Void
    ) throws(WebSettingsError) {
        self.file = file
        self.pause = pause
        self.report = report
        let reading = WebReading(of: file)
        let rules = WebRules(try reading.result.get(), before: nil)
        state = Mutex(State(rules: rules, stamps: reading.stamps, checked: .now))
    }

    /// The rules in force.
    package var rules: WebRules {
        state.withLock { state in
            let now = ContinuousClock.now
            if now - state.checked >= pause {
                state.checked = now
                if state.stamps != state.stamps.mapKeys(FileStamp.init) { _ = read(&state) }
            }
            return state.rules
        }
    }

    /// Reads the settings again at once; bad ones change nothing.
    ///
    /// - Returns: what is wrong with them, or `nil`.
    package func reload() -> WebSettingsError? {
        state.withLock { read(&$0) }
    }

    private func read(_ state: inout State) -> WebSettingsError? {
        let reading = WebReading(of: file)
        state.stamps = reading.stamps
        do throws(WebSettingsError) {
            let rules = WebRules(try reading.result.get(), before: state.rules)
            guard (rules.settings.tls == nil) == (state.rules.settings.tls == nil) else {
                throw .needsRestart(file: file)
            }
            state.rules = rules
            report(.success(rules.settings))
            return nil
        } catch {
            report(.failure(error))
            return error
        }
    }
}

extension [String: FileStamp] {
    fileprivate func mapKeys(_ stamp: (String) -> FileStamp) -> Self {
        Dictionary(uniqueKeysWithValues: keys.map { ($0, stamp($0)) })
    }
}

/// Web settings, and what was made of them.
package final class WebRules: Sendable {
    /// The settings.
    package let settings: WebSettings
    /// What new connections are encrypted with, where the settings ask for it.
    package let tls: TLSContext?
    let limiter: RequestRateLimiter?

    /// Makes rules of settings that were checked; a limit that does not change goes on counting.
    init(_ settings: WebSettings, before: WebRules?) {
        self.settings = settings
        tls = settings.tls.flatMap { try? TLSContext($0) }
        let same = before?.limiter.flatMap { $0.limit == settings.rateLimit ? $0 : nil }
        limiter = same ?? settings.rateLimit.map { RequestRateLimiter($0) }
    }
}

/// What changes when a file is written or replaced.
struct FileStamp: Hashable {
    private let inode: ino_t
    private let size: off_t
    private let seconds: Int
    private let nanoseconds: Int

    /// Looks at a file; one that is not there has a stamp as well.
    init(of path: String) {
        var status = stat()
        if stat(path, &status) != 0 { status = Glibc.stat() }
        inode = status.st_ino
        size = status.st_size
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }
}
