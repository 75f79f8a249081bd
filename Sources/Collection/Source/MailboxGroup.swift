// SPDX-License-Identifier: Apache-2.0

package import Outreach

/// What a provider tells about an account's mailboxes in one go.
package struct MailboxGroup: Sendable, Hashable, Codable {
    /// The mailboxes.
    package let mailboxes: [Mailbox]
    /// The checks of their domains that came along.
    package let domainChecks: [DomainCheck]

    /// Describes the group.
    package init(mailboxes: [Mailbox] = [], domainChecks: [DomainCheck] = []) {
        self.mailboxes = mailboxes
        self.domainChecks = domainChecks
    }
}
