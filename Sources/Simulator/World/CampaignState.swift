// SPDX-License-Identifier: Apache-2.0

/// Where a simulated campaign stands, in words that each provider spells in its own way.
package enum CampaignState: Sendable {
    case draft, active, paused, completed, archived
    case runningSubsequences, accountSuspended, accountsUnhealthy, bounceProtect, failing

    /// The state that the campaign with this number begins in: a dozen of life, every fourth dozen alike.
    static func of(_ index: Int, on platform: Platform) -> CampaignState {
        switch index % 12 {
        case 3: .paused
        case 6, 10: .completed
        case 7: .draft
        case 9: special(index / 12, on: platform)
        default: .active
        }
    }

    /// What becomes of the campaign with this number while the world goes on; `nil` where it goes on as it is.
    static func end(of index: Int) -> CampaignState? {
        switch index % 12 {
        case 4: .completed
        case 8: .paused
        default: nil
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
