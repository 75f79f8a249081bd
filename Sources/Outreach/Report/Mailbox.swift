// SPDX-License-Identifier: Apache-2.0

internal import Exposition

/// A sending mailbox.
package struct Mailbox: Sendable, Hashable, Codable {
    /// The sender's address: the `mailbox` label.
    package let address: String
    /// Who hosts it: `google`, `microsoft`, …; `nil` where unknown.
    package var service: String?
    /// Its state in the provider's words, lower case with underscores: `active`, `connection_error`.
    package var status: String?
    /// The state of its warm-up in the provider's words, lower case with underscores.
    package var warmupStatus: String?
    /// Its numbers.
    package var measures: Measures<MailboxMeasure>
    /// Warm-up messages by where they landed: `inbox`, `spam`, `promotions`.
    package var placements: [String: Double]

    /// Describes a mailbox.
    package init(
        address: String,
        service: String? = nil,
        status: String? = nil,
        warmupStatus: String? = nil,
        measures: Measures<MailboxMeasure> = .init(),
        placements: [String: Double] = [:]
    ) {
        self.address = address.labelValue
        self.service = service
        self.status = status
        self.warmupStatus = warmupStatus
        self.measures = measures
        self.placements = placements
    }
}
