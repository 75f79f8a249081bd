// SPDX-License-Identifier: Apache-2.0

/// A part of an account's data that ages on its own; the raw value is for the log.
package enum StalePart: String, Sendable, Hashable, CaseIterable {
    /// The listing, and with it every campaign.
    case campaigns
    /// What the expensive calls told about some campaigns.
    case details
    /// The mailboxes, and the checks that come with them.
    case mailboxes
    /// The checks that the provider has a call of its own for.
    case domainChecks = "domain checks"
}
