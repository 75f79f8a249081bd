// SPDX-License-Identifier: Apache-2.0

/// Where a simulated campaign stands, in words that each provider spells in its own way.
package enum CampaignState: Sendable {
    case draft, active, paused, completed, archived
    case runningSubsequences, accountSuspended, accountsUnhealthy, bounceProtect, failing

    /// The state of the campaign with this number: a dozen of life, every fourth dozen alike.
    static func of(_ index: Int, on platform: Platform) -> CampaignState {
        switch index % 12 {
        case 3: .paused
        case 6, 10: .completed
        case 7: .draft
        case 9: special(index / 12, on: platform)
        default: .active
        }
    }

    /// Whether the campaign still sends.
    var isSending: Bool { self == .active || self == .runningSubsequences || self == .failing }

    private static func special(_ dozen: Int, on platform: Platform) -> CampaignState {
        switch platform {
        case .instantly: [.runningSubsequences, .bounceProtect, .accountsUnhealthy, .accountSuspended][dozen % 4]
        case .lemlist: [.failing, .archived][dozen % 2]
        case .sendkit: .archived
        }
    }
}
