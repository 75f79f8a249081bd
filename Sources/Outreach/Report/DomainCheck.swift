// SPDX-License-Identifier: Apache-2.0

internal import Exposition

/// Whether a sending domain passes one of the set-up checks.
package struct DomainCheck: Sendable, Hashable, Codable {
    /// The domain: `example.com`.
    package let domain: String
    /// What was checked: `mx`, `spf`, `dkim`, `dmarc`.
    package let check: String
    /// Whether it passed.
    package let passed: Bool

    /// Records a check.
    package init(domain: String, check: String, passed: Bool) {
        self.domain = domain.labelValue
        self.check = check.labelValue
        self.passed = passed
    }
}
