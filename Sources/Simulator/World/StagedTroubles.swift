// SPDX-License-Identifier: Apache-2.0

/// What is wrong in an account of the demo's size, so that there is something to see: one trouble at each of three providers.
///
/// All else in the first dozen campaigns and the first eighty mailboxes is healthy, and no alert fires about it. Those beyond
/// have every state that a provider reports.
package enum StagedTroubles {
    /// Campaigns of an account of the demo.
    package static let healthyCampaigns = 12
    /// Mailboxes of an account of the demo.
    package static let healthyMailboxes = 80

    /// Whether the campaign with an index stands still: lemlist's last of the first dozen, and every dozen's beyond.
    static func standsStill(campaign index: Int, on provider: SimulatedProvider) -> Bool {
        index % 12 == 11 && (provider == .lemlist || index >= healthyCampaigns)
    }

    /// Whether the domain with an index fails DKIM and DMARC: Instantly's third.
    static func isUnsigned(site index: Int, on provider: SimulatedProvider) -> Bool {
        provider == .instantly && index == 2
    }

    /// The state of the mailbox with an index: EmailBison's sixth has failed.
    static func state(ofMailbox index: Int, on provider: SimulatedProvider) -> SimulatedMailbox.State {
        guard index >= healthyMailboxes else { return provider == .emailbison && index == 5 ? .failing : .active }
        return index % 8 == 5 ? .failing : index % 8 == 7 ? .paused : .active
    }
}
