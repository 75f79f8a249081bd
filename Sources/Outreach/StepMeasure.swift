// SPDX-License-Identifier: Apache-2.0

package import Exposition

/// The metrics of a step's variant, in the order of the page; the help of each family defines it.
package enum StepMeasure: UInt8, MeasureKey {
    case messagesSent
    case messagesDelivered
    case messagesNotDelivered
    case messagesBounced
    case messagesOpened
    case messagesClicked
    case messagesReplied
    case messagesRepliedAutomatically
    case opens
    case clicks
    case replies
    case automaticReplies
    case invitationsSent
    case leadsInterested
    case leadsUnsubscribed
    case opportunities
    case leadsWithOpportunity
    case meetingsBooked
    case dealsWon

    package var family: MetricFamily { Self.families[Int(rawValue)] }
    private static let families = allCases.map(\.declaration)

    private var declaration: MetricFamily {
        switch self {
        case .messagesSent:
            .counter("outreach_step_messages_sent_total", "Messages sent by this step and variant.")
        case .messagesDelivered:
            .counter("outreach_step_messages_delivered_total", "Messages of this step and variant delivered.")
        case .messagesNotDelivered:
            .counter(
                "outreach_step_messages_not_delivered_total",
                "Messages of this step and variant that could not be delivered."
            )
        case .messagesBounced:
            .counter("outreach_step_messages_bounced_total", "Messages of this step and variant that bounced.")
        case .messagesOpened:
            .counter(
                "outreach_step_messages_opened_total",
                "Messages of this step and variant opened, counted once per lead."
            )
        case .messagesClicked:
            .counter(
                "outreach_step_messages_clicked_total",
                "Messages of this step and variant with a clicked link, counted once per lead."
            )
        case .messagesReplied:
            .counter(
                "outreach_step_messages_replied_total",
                "Messages of this step and variant replied to, counted once per lead."
            )
        case .messagesRepliedAutomatically:
            .counter(
                "outreach_step_messages_replied_automatically_total",
                "Messages of this step and variant with an automatic reply, counted once per lead."
            )
        case .opens:
            .counter("outreach_step_opens_total", "Opens of this step and variant, every repetition counted.")
        case .clicks:
            .counter("outreach_step_clicks_total", "Link clicks of this step and variant, every repetition counted.")
        case .replies:
            .counter("outreach_step_replies_total", "Replies to this step and variant, every repetition counted.")
        case .automaticReplies:
            .counter(
                "outreach_step_automatic_replies_total",
                "Automatic replies to this step and variant, every repetition counted."
            )
        case .invitationsSent:
            .counter("outreach_step_invitations_sent_total", "LinkedIn invitations sent by this step and variant.")
        case .leadsInterested:
            .counter(
                "outreach_step_leads_interested_total",
                "Leads marked as interested after a message of this step and variant."
            )
        case .leadsUnsubscribed:
            .counter(
                "outreach_step_leads_unsubscribed_total",
                "Leads that unsubscribed from a message of this step and variant."
            )
        case .opportunities:
            .counter(
                "outreach_step_opportunities_total",
                "Opportunities created by this step and variant, every repetition counted."
            )
        case .leadsWithOpportunity:
            .counter(
                "outreach_step_leads_with_opportunity_total",
                "Leads that became an opportunity through this step and variant."
            )
        case .meetingsBooked:
            .counter("outreach_step_meetings_booked_total", "Meetings booked through this step and variant.")
        case .dealsWon:
            .counter("outreach_step_deals_won_total", "Deals won through this step and variant.")
        }
    }
}

/// The metrics of a mailbox, in the order of the page; the help of each family defines it.
package enum MailboxMeasure: UInt8, MeasureKey {
    case dailyLimit
    case sendingGapSeconds
    case setupPending
    case healthRatio
    case warmupScoreRatio
    case warmupStartedTimestampSeconds
    case warmupMessagesSent
    case warmupMessagesReceived
    case messagesSentToday
    case messagesSent
    case messagesReceived
    case messagesBounced
    case bounceRatio
    case opens
    case clicks
    case replies
    case leadsContacted
    case leadsOpened
    case leadsReplied
    case leadsInterested
    case leadsUnsubscribed

    package var family: MetricFamily { Self.families[Int(rawValue)] }
    private static let families = allCases.map(\.declaration)

    private var declaration: MetricFamily {
        switch self {
        case .dailyLimit:
            .gauge("outreach_mailbox_daily_limit", "The most messages that the mailbox may send per day.")
        case .sendingGapSeconds:
            .gauge(
                "outreach_mailbox_sending_gap_seconds",
                "The shortest time between two messages of the mailbox, in seconds."
            )
        case .setupPending:
            .gauge("outreach_mailbox_setup_pending", "1 while the mailbox is not set up completely, else 0.")
        case .warmupScoreRatio:
            .gauge(
                "outreach_mailbox_warmup_score_ratio",
                "The provider's score of the mailbox's warm-up, from 0 to 1; 0 where it does not warm up."
            )
        case .warmupStartedTimestampSeconds:
            .gauge(
                "outreach_mailbox_warmup_started_timestamp_seconds",
                "When the warm-up of the mailbox began, in seconds since the epoch."
            )
        case .healthRatio:
            .gauge("outreach_mailbox_health_ratio", "The provider's health score of the mailbox, from 0 to 1.")
        case .warmupMessagesSent:
            .gauge("outreach_mailbox_warmup_messages_sent", "Warm-up messages sent in the provider's window.")
        case .warmupMessagesReceived:
            .gauge(
                "outreach_mailbox_warmup_messages_received",
                "Warm-up messages received in the provider's window."
            )
        case .messagesSentToday:
            .gauge("outreach_mailbox_messages_sent_today", "Messages sent by the mailbox on the current day.")
        case .messagesSent:
            .counter("outreach_mailbox_messages_sent_total", "Messages sent by the mailbox.")
        case .messagesReceived:
            .counter("outreach_mailbox_messages_received_total", "Messages that arrived in the mailbox.")
        case .messagesBounced:
            .counter("outreach_mailbox_messages_bounced_total", "Messages of the mailbox that bounced.")
        case .bounceRatio:
            .gauge("outreach_mailbox_bounce_ratio", "Share of the messages of the mailbox that bounced, from 0 to 1.")
        case .opens:
            .counter("outreach_mailbox_opens_total", "Opens of messages of the mailbox, every repetition counted.")
        case .clicks:
            .counter(
                "outreach_mailbox_clicks_total",
                "Link clicks in messages of the mailbox, every repetition counted."
            )
        case .replies:
            .counter("outreach_mailbox_replies_total", "Replies to the mailbox, every repetition counted.")
        case .leadsContacted:
            .counter("outreach_mailbox_leads_contacted_total", "Leads that the mailbox sent a message to.")
        case .leadsOpened:
            .counter("outreach_mailbox_leads_opened_total", "Leads that opened a message of the mailbox.")
        case .leadsReplied:
            .counter("outreach_mailbox_leads_replied_total", "Leads that replied to the mailbox at least once.")
        case .leadsInterested:
            .counter("outreach_mailbox_leads_interested_total", "Leads of the mailbox marked as interested.")
        case .leadsUnsubscribed:
            .counter("outreach_mailbox_leads_unsubscribed_total", "Leads that unsubscribed from the mailbox.")
        }
    }
}
