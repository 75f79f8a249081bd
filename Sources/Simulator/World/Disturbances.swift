// SPDX-License-Identifier: Apache-2.0

/// What faults do to the world itself, over its whole time line.
struct Disturbances: Sendable {
    /// When a fault was on, from a moment to a later one; still on where it has no end.
    struct Window: Sendable {
        let start: Moment
        var end: Moment?
    }

    /// While these last, four messages in ten bounce.
    var bounceStorms: [Window] = []
    /// While these last, nobody replies.
    var replyDroughts: [Window] = []
    /// Since then every counter has counted from zero.
    var reset: Moment?
    /// Whether every counter of three or more shows a little less than before.
    var countersFall = false
    /// Whether every fourth campaign is gone.
    var campaignsVanish = false
}
