// SPDX-License-Identifier: Apache-2.0

internal import Outreach

extension DomainCheck {
    private struct Subject: Hashable {
        let domain: String
        let check: String
    }

    /// One check per domain and kind: passed only if all that were made passed.
    static func merged(_ checks: [DomainCheck]) -> [DomainCheck] {
        let passed = Dictionary(
            checks.map { (Subject(domain: $0.domain.lowercased(), check: $0.check), $0.passed) },
            uniquingKeysWith: { $0 && $1 }
        )
        return passed.map { DomainCheck(domain: $0.domain, check: $0.check, passed: $1) }
            .sorted { ($0.domain, $0.check) < ($1.domain, $1.check) }
    }
}
