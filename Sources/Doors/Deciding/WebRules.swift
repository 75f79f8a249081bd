// SPDX-License-Identifier: Apache-2.0

package import HTTPServer

/// Web settings, and what was made of them.
package final class WebRules: Sendable {
    /// The settings.
    package let settings: WebSettings
    /// What new connections are encrypted with, where the settings ask for it.
    package let tls: TLSContext?
    let limiter: RateLimiter?

    /// Makes rules of settings that were checked; a limit that does not change goes on counting.
    init(_ settings: WebSettings, before: WebRules?) {
        self.settings = settings
        tls = settings.tls.flatMap { try? TLSContext($0) }
        let same = before?.limiter.flatMap { $0.limit == settings.rateLimit ? $0 : nil }
        limiter = same ?? settings.rateLimit.map { RateLimiter($0) }
    }
}
