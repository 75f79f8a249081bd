// SPDX-License-Identifier: Apache-2.0

package import Exposition

/// The metrics of a campaign, in the order of the page; the help of each family defines it.
package enum CampaignMeasure: UInt8, MeasureKey {
    case evergreen
    case createdTimestampSeconds
    case startedTimestampSeconds
    case leads
    case leadsContacted
    case newLeadsContacted
    case leadsReached
    case leadsOpened
    case leadsClicked
    case leadsInteracted
    case leadsReplied
    case leadsRepliedAutomatically
    case leadsInterested
    case leadsNotInterested
    case leadsUnsubscribed
    case leadsCompleted
    case leadsInterrupted
    case messagesSent
    case messagesDelivered
    case messagesNotSent
    case messagesBounced
    case messagesOpened
    case messagesClicked
    case messagesReplied
    case messagesRepliedAutomatically
    case opens
    case clicks
    case replies
    case automaticReplies
    case invitationsAccepted
    case leadsWithOpportunity
    case opportunityValue
    case revenue
    case meetingsBooked
    case meetingsCompleted
    case dealsClosed
    case dailyLimit
    case newLeadsDailyLimit
    case messagesSentToday
    case leadsWaiting

    package var family: MetricFamily { Self.families[Int(rawValue)] }
    private static let families = allCases.map(\.declaration)

    private var declaration: MetricFamily {
        switch self {
        case .evergreen:
            .gauge("outreach_campaign_evergreen", "1 if the campaign keeps accepting new leads, 0 if not.")
        case .createdTimestampSeconds:
            .gauge(
                "outreach_campaign_created_timestamp_seconds",
                "When the campaign was created, in seconds since the epoch."
            )
        case .startedTimestampSeconds:
            .gauge(
                "outreach_campaign_started_timestamp_seconds",
                "When the campaign was started, in seconds since the epoch."
            )
        case .leads:
            .gauge("outreach_campaign_leads", "Leads in the campaign now.")
        case .leadsContacted:
            .counter("outreach_campaign_leads_contacted_total", "Leads for whom the sequence has started.")
        case .newLeadsContacted:
            .counter("outreach_campaign_new_leads_contacted_total", "Leads contacted for the first time.")
        case .leadsReached:
            .counter("outreach_campaign_leads_reached_total", "Leads that at least one message was delivered to.")
        case .leadsOpened:
            .counter("outreach_campaign_leads_opened_total", "Leads that opened at least one message.")
        case .leadsClicked:
            .counter("outreach_campaign_leads_clicked_total", "Leads that clicked at least one link.")
        case .leadsInteracted:
            .counter("outreach_campaign_leads_interacted_total", "Leads that clicked or replied.")
        case .leadsReplied:
            .counter("outreach_campaign_leads_replied_total", "Leads that replied at least once.")
        case .leadsRepliedAutomatically:
            .counter(
                "outreach_campaign_leads_replied_automatically_total",
                "Leads that sent at least one automatic reply."
            )
        case .leadsInterested:
            .counter("outreach_campaign_leads_interested_total", "Leads marked as interested.")
        case .leadsNotInterested:
            .counter("outreach_campaign_leads_not_interested_total", "Leads marked as not interested.")
        case .leadsUnsubscribed:
            .counter("outreach_campaign_leads_unsubscribed_total", "Leads that unsubscribed.")
        case .leadsCompleted:
            .counter("outreach_campaign_leads_completed_total", "Leads that reached the end of the sequence.")
        case .leadsInterrupted:
            .counter("outreach_campaign_leads_interrupted_total", "Leads whose sequence was interrupted.")
        case .messagesSent:
            .counter("outreach_campaign_messages_sent_total", "Messages sent.")
        case .messagesDelivered:
            .counter("outreach_campaign_messages_delivered_total", "Messages delivered.")
        case .messagesNotSent:
            .counter("outreach_campaign_messages_not_sent_total", "Messages that could not be sent.")
        case .messagesBounced:
            .counter("outreach_campaign_messages_bounced_total", "Messages that bounced.")
        case .messagesOpened:
            .counter("outreach_campaign_messages_opened_total", "Messages opened, counted once per lead and step.")
        case .messagesClicked:
            .counter(
                "outreach_campaign_messages_clicked_total",
                "Messages with a clicked link, counted once per lead and step."
            )
        case .messagesReplied:
            .counter("outreach_campaign_messages_replied_total", "Messages replied to, counted once per lead and step.")
        case .messagesRepliedAutomatically:
            .counter(
                "outreach_campaign_messages_replied_automatically_total",
                "Messages with an automatic reply, counted once per lead and step."
            )
        case .opens:
            .counter("outreach_campaign_opens_total", "Opens, every repetition counted.")
        case .clicks:
            .counter("outreach_campaign_clicks_total", "Link clicks, every repetition counted.")
        case .replies:
            .counter("outreach_campaign_replies_total", "Replies, every repetition counted.")
        case .automaticReplies:
            .counter("outreach_campaign_automatic_replies_total", "Automatic replies, every repetition counted.")
        case .invitationsAccepted:
            .counter("outreach_campaign_invitations_accepted_total", "LinkedIn invitations accepted.")
        case .leadsWithOpportunity:
            .counter("outreach_campaign_leads_with_opportunity_total", "Leads that became an opportunity.")
        case .opportunityValue:
            .gauge("outreach_campaign_opportunity_value", "Value of all opportunities, in the workspace's currency.")
        case .revenue:
            .gauge("outreach_campaign_revenue", "Revenue from the campaign's leads, in the workspace's currency.")
        case .meetingsBooked:
            .counter("outreach_campaign_meetings_booked_total", "Meetings booked.")
        case .meetingsCompleted:
            .counter("outreach_campaign_meetings_completed_total", "Meetings held.")
        case .dealsClosed:
            .counter("outreach_campaign_deals_closed_total", "Deals closed.")
        case .dailyLimit:
            .gauge("outreach_campaign_daily_limit", "The most messages that the campaign may send per day.")
        case .newLeadsDailyLimit:
            .gauge(
                "outreach_campaign_new_leads_daily_limit",
                "The most leads that the campaign may contact for the first time per day."
            )
        case .messagesSentToday:
            .gauge(
                "outreach_campaign_messages_sent_today",
                "Messages that the campaign has sent on the current day, told while it stands still."
            )
        case .leadsWaiting:
            .gauge(
                "outreach_campaign_leads_waiting",
                "Leads that wait for their next message, told while the campaign stands still."
            )
        }
    }
}
