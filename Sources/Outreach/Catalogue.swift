// SPDX-License-Identifier: Apache-2.0

package import Exposition

/// The metric families of collected data.
package enum Catalogue {
    package static let campaignInfo = MetricFamily.info(
        "outreach_campaign_info",
        "The campaign's name, or its id where it has none, to join to its other series.",
        labels: ["name"]
    )
    package static let campaignStatus = MetricFamily.gauge(
        "outreach_campaign_status",
        "1 for the campaign's status; other statuses have no series.",
        labels: ["status"]
    )
    package static let campaignLeadsByStatus = MetricFamily.gauge(
        "outreach_campaign_leads_by_status",
        "Leads in the campaign now, by the provider's own lead status.",
        labels: ["lead_status"]
    )
    package static let campaignLabel = MetricFamily.gauge(
        "outreach_campaign_label",
        "1 for each label, tag or workspace of the campaign at the provider, the first 20 in their order.",
        labels: ["label"]
    )
    package static let campaignSendingState = MetricFamily.gauge(
        "outreach_campaign_sending_state",
        "1 for the reason for which a campaign that should send stands still; none while it sends.",
        labels: ["state"]
    )
    package static let campaignMailboxes = MetricFamily.gauge(
        "outreach_campaign_mailboxes",
        "Mailboxes of a campaign that stands still: those available, and the others by the reason for which they are not.",
        labels: ["availability"]
    )
    package static let stepInfo = MetricFamily.info(
        "outreach_step_info",
        "The step's channel, task type and condition, to join to its other series.",
        labels: ["channel", "task", "condition"]
    )
    package static let mailboxInfo = MetricFamily.info(
        "outreach_mailbox_info",
        "The service that hosts the mailbox, unknown where the provider names none, and the domain of its address, "
            + "to join to its other series.",
        labels: ["mailbox_service", "domain"]
    )
    package static let mailboxStatus = MetricFamily.gauge(
        "outreach_mailbox_status",
        "1 for the mailbox's status as the provider names it; other statuses have no series.",
        labels: ["status"]
    )
    package static let mailboxWarmupStatus = MetricFamily.gauge(
        "outreach_mailbox_warmup_status",
        "1 for the warm-up status as the provider names it; other statuses have no series.",
        labels: ["status"]
    )
    package static let mailboxWarmupLanded = MetricFamily.gauge(
        "outreach_mailbox_warmup_messages_landed",
        "Warm-up messages by the folder that they arrived in, in the provider's window.",
        labels: ["placement"]
    )
    package static let domainCheckPassed = MetricFamily.gauge(
        "outreach_domain_check_passed",
        "1 if the sending domain passes the DNS check, 0 if it fails."
    )

    package static let messagesScheduled = MetricFamily.gauge(
        "outreach_account_messages_scheduled",
        "Messages that the provider plans to send on a day: today, tomorrow, day_after_tomorrow.",
        labels: ["day"]
    )

    package static let planLimit = MetricFamily.gauge(
        "outreach_account_plan_limit",
        "The most of a resource that the account's plan allows.",
        labels: ["resource"]
    )
    package static let planUsed = MetricFamily.gauge(
        "outreach_account_plan_used",
        "What the account has or has used of a resource, as its provider counts it.",
        labels: ["resource"]
    )
    package static let planRemaining = MetricFamily.gauge(
        "outreach_account_plan_remaining",
        "What the account has left of a resource that it consumes, such as credits.",
        labels: ["resource"]
    )

    /// All families, in the order of the page.
    package static var families: [MetricFamily] { groups.flatMap(\.families) }

    /// All families by their subject, in the order of the page.
    package static let groups = [
        FamilyGroup(
            "Campaign",
            labels: ["provider", "account", "campaign"],
            [campaignInfo, campaignStatus] + CampaignMeasure.allCases.map(\.family)
                + [campaignLeadsByStatus, campaignLabel, campaignSendingState, campaignMailboxes]
        ),
        FamilyGroup(
            "Step",
            labels: ["provider", "account", "campaign", "sequence", "step", "variant"],
            [stepInfo] + StepMeasure.allCases.map(\.family)
        ),
        FamilyGroup(
            "Mailbox",
            labels: ["provider", "account", "mailbox"],
            [mailboxInfo, mailboxStatus, mailboxWarmupStatus] + MailboxMeasure.allCases.map(\.family)
                + [mailboxWarmupLanded]
        ),
        FamilyGroup("Domain", labels: ["provider", "account", "domain", "check"], [domainCheckPassed]),
        FamilyGroup(
            "Account",
            labels: ["provider", "account"],
            [messagesScheduled] + PlanQuantity.Kind.allCases.map(\.family)
        ),
    ]
}

/// Families of collected data; their help ends with `refreshed`.
extension MetricFamily {
    static func counter(_ name: String, _ help: String) -> MetricFamily {
        MetricFamily(counter: name, help + refreshed)
    }

    static func gauge(_ name: String, _ help: String, labels: [String] = []) -> MetricFamily {
        MetricFamily(gauge: name, help + refreshed, labels: labels)
    }

    /// A constant 1 with texts as labels.
    static func info(_ name: String, _ help: String, labels: [String]) -> MetricFamily {
        MetricFamily(info: name, help + refreshed, labels: labels)
    }

    /// The last sentence of the help of collected data, as scrapes are more frequent than collections.
    package static var refreshed: String { " Refreshed once per collection interval." }
}

/// Families about the same subject, with the same labels; a section of docs/metrics.md.
package struct FamilyGroup: Sendable {
    package let title: String
    /// The labels of every series, in their order.
    package let labels: [String]
    package let families: [MetricFamily]

    package init(_ title: String, labels: [String], _ families: [MetricFamily]) {
        self.title = title
        self.labels = labels
        self.families = families
    }
}
