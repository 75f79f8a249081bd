// SPDX-License-Identifier: Apache-2.0

/// How long after a message was read something follows from it.
enum Stage: Int, CaseIterable {
    /// The opening itself.
    case reading
    /// A click or a reply.
    case reacting
    /// A second look, a second reply, interest.
    case returning
    /// A meeting.
    case meeting
    /// A deal.
    case closing

    /// The time since the opening, in simulated seconds.
    var lag: Double {
        switch self {
        case .reading: 0
        case .reacting: .hour
        case .returning: .day
        case .meeting: 4 * .day
        case .closing: 9 * .day
        }
    }
}
