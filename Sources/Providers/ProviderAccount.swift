// SPDX-License-Identifier: Apache-2.0

package import Outreach

/// What the configuration says about an account, as far as its provider's client needs it.
package struct ProviderAccount: Sendable, Hashable {
    /// The account's labels.
    package var account: Account
    /// The API key.
    package var key: Secret
    /// Scheme, host and path prefix, without a slash at the end: `https://api.instantly.ai`.
    package var baseURL: String
    /// The time limit of one request.
    package var timeout: Duration
    /// Where lifetime totals start, `YYYY-MM-DD`; `nil` for the provider's own beginning.
    package var startDate: String?
    /// Whether step numbers are wanted.
    package var steps: Bool
    /// Whether mailbox numbers are wanted.
    package var mailboxes: Bool
    /// Whether domain checks are wanted.
    package var domains: Bool
    /// The provider's own options by name, checked against `ProviderKind.options`.
    package var options: [String: ProviderOption.Value]

    /// Describes an account.
    package init(
        account: Account,
        key: Secret,
        baseURL: String,
        timeout: Duration = .seconds(30),
        startDate: String? = nil,
        steps: Bool = true,
        mailboxes: Bool = true,
        domains: Bool = true,
        options: [String: ProviderOption.Value] = [:]
    ) {
        self.account = account
        self.key = key
        self.baseURL = baseURL
        self.timeout = timeout
        self.startDate = startDate
        self.steps = steps
        self.mailboxes = mailboxes
        self.domains = domains
        self.options = options
    }
}
