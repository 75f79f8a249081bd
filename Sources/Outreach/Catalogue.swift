// SPDX-License-Identifier: Apache-2.0

package import Exposition

/// Every family of collected data, in the order of the page.
package enum Catalogue {
    /// Names of campaigns.
    package static let campaignInfo = MetricFamily.info(
        "outreach_campaign_info",
        "The name of the campaign, to be joined onto its other series.",
        labels: ["name"]
    )
    /// States of campaigns.
    package static let campaignStatus = MetricFamily.gauge(
        "outreach_campaign_status",
        "1 for the status that the campaign has; its other statuses have no series.",
        labels: ["status"]
    )
    /// Leads by the provider's status.
    package static let campaignLeadsByStatus = MetricFamily.gauge(
        "outreach_campaign_leads_by_status",
        "Leads in the campaign now, by the provider's own lead status.",
        labels: ["lead_status"]
    )
    /// What a step is.
    package static let stepInfo = MetricFamily.info(
        "outreach_step_info",
        "Channel, task type and condition of the step, to be joined onto its other series.",
        labels: ["channel", "task", "condition"]
    )
    /// Who hosts a mailbox.
    package static let mailboxInfo = MetricFamily.info(
        "outreach_mailbox_info",
        "The service that hosts the mailbox, to be joined onto its other series.",
        labels: ["service"]
    )
    /// States of mailboxes.
    package static let mailboxStatus = MetricFamily.gauge(
        "outreach_mailbox_status",
        "1 for the status that the mailbox has, in the provider's words; its other statuses have no series.",
        labels: ["status"]
    )
    /// States of warm-ups.
    package static let mailboxWarmupStatus = MetricFamily.gauge(
        "outreach_mailbox_warmup_status",
        "1 for the status of the mailbox's warm-up, in the provider's words; its other statuses have no series.",
        labels: ["status"]
    )
    /// Warm-up messages by placement.
    package static let mailboxWarmupLanded = MetricFamily.gauge(
        "outreach_mailbox_warmup_messages_landed",
        "Warm-up messages by the folder they landed in, in the provider's window.",
        labels: ["placement"]
    )
    /// Set-up checks of domains.
    package static let domainCheckPassed = MetricFamily.gauge(
        "outreach_domain_check_passed",
        "1 if the sending domain passes the set-up check, 0 if it fails."
    )

    /// All of them.
    package static var families: [MetricFamily] { groups.flatMap(\.families) }

    /// All of them, by what they describe.
    package static let groups = [
        FamilyGroup(
            "Campaign",
            labels: ["provider", "account", "campaign"],
            [campaignInfo, campaignStatus] + CampaignMeasure.allCases.map(\.family) + [campaignLeadsByStatus]
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
    ]
}

/// Families of collected data: their help says how fresh the numbers are.
extension MetricFamily {
    /// A total that a provider keeps.
    static func counter(_ name: String, _ help: String) -> MetricFamily {
        MetricFamily(name, .counter, help + refreshed)
    }

    /// A number of a provider that moves both ways.
    static func gauge(_ name: String, _ help: String, labels: [String] = []) -> MetricFamily {
        MetricFamily(name, .gauge, help + refreshed, labels: labels)
    }

    /// Names and other texts of a provider.
    static func info(_ name: String, _ help: String, labels: [String]) -> MetricFamily {
        MetricFamily(name, .info, help + refreshed, labels: labels)
    }

    /// The end of every help text about collected data.
    package static var refreshed: String { " Refreshed once per collection interval." }
}

/// Families that describe the same kind of thing.
package struct FamilyGroup: Sendable {
    /// What they describe.
    package let title: String
    /// The labels that every series of the group carries, in their order.
    package let labels: [String]
    /// The families, in the order of the page.
    package let families: [MetricFamily]

    /// Puts a group together.
    package init(_ title: String, labels: [String], _ families: [MetricFamily]) {
        self.title = title
        self.labels = labels
        self.families = families
    }
}
