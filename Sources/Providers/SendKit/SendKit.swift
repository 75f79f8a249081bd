// SPDX-License-Identifier: Apache-2.0

package import Collection
package import HTTPClient
package import History
internal import Outreach

/// SendKit, the cold-outreach platform at sendkit.ai.
package enum SendKit: ProviderKind {
    package static let name = "sendkit"
    package static let title = "SendKit"
    package static let keyVariable = "SENDKIT_API_KEY"
    package static let baseURL = "https://api.sendkit.ai"
    /// No limit is documented.
    package static let requestsPerSecond = 5.0

    package static let options = [
        ProviderOption(
            "workspace",
            .text(check: ProviderOption.headerValueProblem),
            "The id of the workspace to look at; platform keys (`sk_user_…`) need it, workspace keys must not have it."
        )
    ]

    package static let fields =
        SendKitMapping.labels.map(\.source) + SendKitMapping.constants + SendKitMapping.analytics.sources
        + SendKitMapping.steps.sources + SendKitMapping.mailbox.sources + SendKitMapping.warmup.sources

    package static func source(
        for account: ProviderAccount,
        gate: CallGate,
        transport: any Transport
    ) -> any AccountSource {
        SendKitSource(
            account: account,
            api: SendKitAPI(account: account, gate: gate, transport: transport, now: { .now })
        )
    }

    package static func history(
        of account: ProviderAccount,
        gate: CallGate,
        transport: any Transport
    ) -> (any AccountHistory)? {
        SendKitHistory(api: SendKitAPI(account: account, gate: gate, transport: transport, now: { .now }))
    }
}
