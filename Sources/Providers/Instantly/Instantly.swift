// SPDX-License-Identifier: Apache-2.0

package import Collection
internal import FoundationEssentials
package import HTTPClient
package import History
internal import Outreach

/// Instantly, API v2.
package enum Instantly: ProviderKind {
    package static let name = "instantly"
    package static let title = "Instantly"
    package static let keyVariable = "INSTANTLY_API_KEY"
    package static let baseURL = "https://api.instantly.ai"
    /// 6,000 a minute are documented, 600 a minute have been seen enforced.
    package static let requestsPerSecond = 8.0

    package static let options = [
        ProviderOption(
            "expand_crm_events",
            .flag,
            "Count every change of a lead's interest status, not only the first of each kind per contact."
        ),
        ProviderOption(
            "workspace",
            .text(check: ProviderOption.headerValueProblem),
            "The id of the child workspace on whose behalf an agency's key acts."
        ),
    ]

    package static let fields =
        InstantlyMapping.labels.map(\.source) + InstantlyMapping.constants + InstantlyMapping.analytics.sources
        + InstantlyMapping.overview.sources + InstantlyMapping.steps.sources + InstantlyMapping.account.sources
        + InstantlyMapping.warmup.sources + InstantlyMapping.health.sources

    package static func source(
        for account: ProviderAccount,
        gate: CallGate,
        transport: any Transport
    ) -> any AccountSource {
        InstantlySource(
            account: account,
            api: InstantlyAPI(account: account, gate: gate, transport: transport, now: { .now })
        )
    }

    package static func history(
        of account: ProviderAccount,
        gate: CallGate,
        transport: any Transport
    ) -> (any AccountHistory)? {
        InstantlyHistory(api: InstantlyAPI(account: account, gate: gate, transport: transport, now: { .now }))
    }
}
