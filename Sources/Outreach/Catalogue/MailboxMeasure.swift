// SPDX-License-Identifier: Apache-2.0

package import Exposition

/// The numbers of a mailbox, in the order of the page.
package enum MailboxMeasure: UInt8, MeasureKey {
    case dailyLimit
    case healthRatio
    case warmupMessagesSent
    case warmupMessagesReceived
    case messagesSentToday
    case messagesSent
    case bounceRatio

    package var family: Family {
        switch self {
        case .dailyLimit:
            .gauge("outreach_mailbox_daily_limit", "Messages that the mailbox may send in a day.")
        case .healthRatio:
            .gauge("outreach_mailbox_health_ratio", "The provider's health score of the mailbox, from 0 to 1.")
        case .warmupMessagesSent:
            .gauge("outreach_mailbox_warmup_messages_sent", "Warm-up messages sent in the provider's window.")
        case .warmupMessagesReceived:
            .gauge("outreach_mailbox_warmup_messages_received", "Warm-up messages received in the provider's window.")
        case .messagesSentToday:
            .gauge("outreach_mailbox_messages_sent_today", "Messages sent today.")
        case .messagesSent:
            .counter("outreach_mailbox_messages_sent_total", "Messages sent by the mailbox.")
        case .bounceRatio:
            .gauge("outreach_mailbox_bounce_ratio", "Share of the messages of the mailbox that bounced, from 0 to 1.")
        }
    }
}
