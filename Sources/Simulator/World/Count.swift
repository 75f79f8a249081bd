// SPDX-License-Identifier: Apache-2.0

/// What is counted of a step's variant and of a campaign, each total rising as long as no fault says otherwise.
package enum Count: Int, Sendable, CaseIterable {
    // Messages, once per lead and step.
    case sent, notSent, delivered, bounced, opened, clicked, replied, repliedAutomatically
    // Events, repeats included.
    case opens, clicks, replies, automaticReplies, opportunities
    // What follows from a message, once per lead.
    case unsubscribed, interested, notInterested, meetingsBooked, meetingsCompleted, won
    // LinkedIn invitations.
    case invited, accepted
    // Leads of the campaign, not known per step.
    case contacted, leadsReached, leadsOpened, leadsClicked, leadsReplied, leadsRepliedAutomatically, leadsCompleted
    case leadsInterrupted
}
