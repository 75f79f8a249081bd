// SPDX-License-Identifier: Apache-2.0

package import Collection
package import HTTPClient
package import History
internal import Outreach

/// lemlist.
package enum Lemlist: ProviderKind {
    package static let name = "lemlist"
    package static let title = "lemlist"
    package static let keyVariable = "LEMLIST_API_KEY"
    package static let baseURL = "https://api.lemlist.com/api"
    /// The documented limit is 20 requests in 2 seconds.
    package static let requestsPerSecond = 8.0

    package static let options = [
        ProviderOption("channels", .list(of: ["email", "linkedin", "others"]), "Count only these channels."),
        ProviderOption(
            "send_user",
            .text(check: sendUserProblem),
            "Count only what this sender sent, as `usr_…|address`."
        ),
        ProviderOption("ab_selected", .choice(["A", "B"]), "Count only this version of A/B tests."),
    ]

    package static let fields =
        LemlistMapping.labels.map(\.source) + LemlistMapping.listed.sources + LemlistMapping.stats.sources
        + LemlistMapping.steps.sources + LemlistMapping.mailbox.sources + LemlistMapping.lemwarm.sources

    package static func source(
        for account: ProviderAccount,
        gate: CallGate,
        transport: any Transport
    ) -> any AccountSource {
        LemlistSource(account: account, gate: gate, transport: transport, now: { .now })
    }

    package static func history(
        of account: ProviderAccount,
        gate: CallGate,
        transport: any Transport
    ) -> (any AccountHistory)? {
        LemlistHistory(
            source: LemlistSource(account: account, gate: gate, transport: transport, now: { .now })
        )
    }

    private static func sendUserProblem(_ text: String) -> String? {
        let parts = text.split(separator: "|", omittingEmptySubsequences: false)
        let isComplete = parts.count == 2 && parts[0].hasPrefix("usr_") && parts[1].contains("@")
        return isComplete ? nil : "must be `usr_…|address`, the sender's id and address"
    }
}
