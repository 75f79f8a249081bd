// SPDX-License-Identifier: Apache-2.0

extension InstantlyAPI {
    /// `GET /api/v2/campaigns/analytics`: one row per campaign that has ever sent, without pages.
    static func analytics(_ call: Call) throws(Refusal) -> WireAnswer {
        let span = try call.instantlySpan()
        let excludesLeads = call.query("exclude_total_leads_count") == "true"
        let rows = try call.instantlyCampaigns("id", "ids").map { campaign in
            let numbers = call.scene.numbers(of: campaign, within: span)
            let identity: JSON = [
                "campaign_name": .string(campaign.name), "campaign_id": .string(campaign.id),
                "campaign_status": .int(call.scene.state(of: campaign).instantlyStatus),
                "campaign_is_evergreen": .bool(campaign.isEvergreen),
            ]
            return identity.with(excludesLeads ? [:] : ["leads_count": .int(numbers.leads)])
                .with(totals(numbers.total, opens: .leadsOpened))
                .with(opportunities(numbers.total[.interested], campaign.opportunityValue * numbers.total[.interested]))
        }
        return .json(.array(rows))
    }

    /// `GET /api/v2/campaigns/analytics/overview`: the campaigns named, or all, in one object.
    static func overview(_ call: Call) throws(Refusal) -> WireAnswer {
        let span = try call.instantlySpan()
        let repeats = call.query("expand_crm_events") == "true"
        var (sum, value) = (Tally(), 0)
        let campaigns = try call.instantlyCampaigns("id", "ids")
        guard call.knowsInstantlyCampaigns("id", "ids") else { throw Refusal(answer: refusal(.notFound)) }
        for campaign in campaigns {
            let total = call.scene.numbers(of: campaign, within: span).total
            sum = sum + total
            value += total[repeats ? .opportunities : .interested] * campaign.opportunityValue
        }
        let count = sum[repeats ? .opportunities : .interested]
        return .json(
            totals(sum, opens: .opens).with(opportunities(count, value)).with(outcomes(sum, repeats: repeats))
        )
    }

    /// The numbers that both speak of; `open_count` alone means leads in one and events in the other.
    private static func totals(_ tally: Tally, opens: Count) -> JSON {
        [
            "contacted_count": .int(tally[.contacted]), "emails_sent_count": .int(tally[.sent]),
            "new_leads_contacted_count": .int(tally[.contacted]), "open_count": .int(tally[opens]),
            "open_count_unique": .int(tally[.leadsOpened]), "open_count_unique_by_step": .int(tally[.opened]),
            "reply_count": .int(tally[.replies]), "reply_count_unique": .int(tally[.leadsReplied]),
            "reply_count_unique_by_step": .int(tally[.replied]),
            "reply_count_automatic": .int(tally[.automaticReplies]),
            "reply_count_automatic_unique": .int(tally[.leadsRepliedAutomatically]),
            "reply_count_automatic_unique_by_step": .int(tally[.repliedAutomatically]),
            "link_click_count": .int(tally[.clicks]), "link_click_count_unique": .int(tally[.leadsClicked]),
            "link_click_count_unique_by_step": .int(tally[.clicked]), "bounced_count": .int(tally[.bounced]),
            "unsubscribed_count": .int(tally[.unsubscribed]), "completed_count": .int(tally[.leadsCompleted]),
        ]
    }

    private static func opportunities(_ count: Int, _ value: Int) -> JSON {
        ["total_opportunities": .int(count), "total_opportunity_value": .int(value)]
    }

    /// What became of the leads: first occurrences, or with the later ones of the same leads.
    private static func outcomes(_ tally: Tally, repeats: Bool) -> JSON {
        let counted = { (count: Count) in JSON.int(tally[count] + (repeats ? tally[count] / 4 : 0)) }
        return [
            "total_interested": counted(.interested), "total_meeting_booked": counted(.meetingsBooked),
            "total_meeting_completed": counted(.meetingsCompleted), "total_closed": counted(.won),
        ]
    }
}
