// SPDX-License-Identifier: Apache-2.0

import Exposition
import Foundation
import Outreach
import Testing

@testable import Providers

/// Each number field alone, against the rows of the metric catalogue: examples with equal numbers cannot tell a swap.
@Suite struct FieldMappingTests {
    @Test(
        "Each field of Instantly's analytics becomes its metric",
        arguments: [
            ("leads_count", "leads"), ("contacted_count", "leads_contacted_total"),
            ("new_leads_contacted_count", "new_leads_contacted_total"), ("open_count_unique", "leads_opened_total"),
            ("link_click_count_unique", "leads_clicked_total"), ("reply_count_unique", "leads_replied_total"),
            ("reply_count_automatic_unique", "leads_replied_automatically_total"),
            ("unsubscribed_count", "leads_unsubscribed_total"), ("completed_count", "leads_completed_total"),
            ("emails_sent_count", "messages_sent_total"), ("bounced_count", "messages_bounced_total"),
            ("open_count_unique_by_step", "messages_opened_total"),
            ("link_click_count_unique_by_step", "messages_clicked_total"),
            ("reply_count_unique_by_step", "messages_replied_total"),
            ("reply_count_automatic_unique_by_step", "messages_replied_automatically_total"),
            ("total_opportunities", "leads_with_opportunity_total"), ("total_opportunity_value", "opportunity_value"),
        ]
    )
    func instantlyAnalytics(_ field: String, _ metric: String) throws {
        let row: InstantlyAnalytics = try decode(["campaign_id": "c", field: 7])
        #expect(row.measures.byName == [metric: 7])
    }

    @Test(
        "Each field of Instantly's overview becomes its metric",
        arguments: [
            ("open_count", "opens_total"), ("link_click_count", "clicks_total"), ("reply_count", "replies_total"),
            ("reply_count_automatic", "automatic_replies_total"), ("open_count_unique", "leads_opened_total"),
            ("link_click_count_unique", "leads_clicked_total"), ("reply_count_unique", "leads_replied_total"),
            ("reply_count_automatic_unique", "leads_replied_automatically_total"),
            ("open_count_unique_by_step", "messages_opened_total"),
            ("link_click_count_unique_by_step", "messages_clicked_total"),
            ("reply_count_unique_by_step", "messages_replied_total"),
            ("reply_count_automatic_unique_by_step", "messages_replied_automatically_total"),
            ("total_interested", "leads_interested_total"), ("total_meeting_booked", "meetings_booked_total"),
            ("total_meeting_completed", "meetings_completed_total"), ("total_closed", "deals_closed_total"),
        ]
    )
    func instantlyOverview(_ field: String, _ metric: String) throws {
        let row: InstantlyOverview = try decode([field: 7])
        #expect(row.measures.byName == [metric: 7])
    }

    @Test(
        "Each field of Instantly's steps becomes its metric",
        arguments: [
            ("sent", "messages_sent_total"), ("unique_opened", "messages_opened_total"),
            ("unique_clicks", "messages_clicked_total"), ("unique_replies", "messages_replied_total"),
            ("unique_replies_automatic", "messages_replied_automatically_total"), ("opened", "opens_total"),
            ("clicks", "clicks_total"), ("replies", "replies_total"),
            ("replies_automatic", "automatic_replies_total"), ("opportunities", "opportunities_total"),
            ("unique_opportunities", "leads_with_opportunity_total"), ("meetings_booked", "meetings_booked_total"),
            ("won", "deals_won_total"),
        ]
    )
    func instantlySteps(_ field: String, _ metric: String) throws {
        let row: InstantlyStep = try decode([field: 7])
        #expect(row.measures.byName == [metric: 7])
    }

    @Test(
        "Each field of lemlist's stats becomes its metric",
        arguments: [
            ("nbLeads", "leads"), ("nbLeadsLaunched", "leads_contacted_total"),
            ("nbLeadsReached", "leads_reached_total"), ("nbLeadsOpened", "leads_opened_total"),
            ("nbLeadsInteracted", "leads_interacted_total"), ("nbLeadsAnswered", "leads_replied_total"),
            ("nbLeadsInterested", "leads_interested_total"), ("nbLeadsNotInterested", "leads_not_interested_total"),
            ("nbLeadsUnsubscribed", "leads_unsubscribed_total"),
            ("nbLeadsInterrupted", "leads_interrupted_total"), ("messagesSent", "messages_sent_total"),
            ("delivered", "messages_delivered_total"), ("messagesNotSent", "messages_not_sent_total"),
            ("messagesBounced", "messages_bounced_total"), ("opened", "messages_opened_total"),
            ("clicked", "messages_clicked_total"), ("replied", "messages_replied_total"),
            ("invitationAccepted", "invitations_accepted_total"), ("meetingBooked", "meetings_booked_total"),
        ]
    )
    func lemlistStats(_ field: String, _ metric: String) throws {
        let row: LemlistStats = try decode([field: 7])
        #expect(row.measures.byName == [metric: 7])
    }

    @Test(
        "Each field of lemlist's steps becomes its metric",
        arguments: [
            ("sent", "messages_sent_total"), ("delivered", "messages_delivered_total"),
            ("notDelivered", "messages_not_delivered_total"), ("bounced", "messages_bounced_total"),
            ("opened", "messages_opened_total"), ("clicked", "messages_clicked_total"),
            ("replied", "messages_replied_total"), ("invited", "invitations_sent_total"),
            ("unsubscribed", "leads_unsubscribed_total"),
        ]
    )
    func lemlistSteps(_ field: String, _ metric: String) throws {
        let row: LemlistStep = try decode([field: 7])
        #expect(row.measures.byName == [metric: 7])
    }

    @Test(
        "Each field of SendKit's analytics becomes its metric",
        arguments: [
            ("sent", "messages_sent_total"), ("delivered", "messages_delivered_total"),
            ("bounced", "messages_bounced_total"), ("opened", "messages_opened_total"),
            ("clicked", "messages_clicked_total"), ("replied", "messages_replied_total"),
            ("unsubscribed", "leads_unsubscribed_total"),
        ]
    )
    func sendKitStats(_ field: String, _ metric: String) throws {
        let row: SendKitAnalytics = try decode(["stats": [field: 7], "totalReplied": 3])
        #expect(row.measures.byName == [metric: 7, "leads_replied_total": 3])
    }

    @Test("Every metric that a provider feeds is documented with its field", arguments: providerKinds.map(Kind.init))
    func documented(_ kind: Kind) {
        let families = Set(Catalogue.families.map(\.name))
        let documented = Set(kind.type.fields.map(\.family))
        #expect(documented.isSubset(of: families))
        #expect(kind.type.fields.allSatisfy { !$0.field.isEmpty })
        #expect(Set(kind.type.fields).count == kind.type.fields.count)
    }

    @Test("Together the providers feed the whole catalogue")
    func complete() {
        let documented = Set(providerKinds.flatMap { $0.fields.map(\.family) })
        #expect(Set(Catalogue.families.map(\.name)).subtracting(documented).isEmpty)
    }

    @Test("No route is longer than the least limit of label values", arguments: providerKinds.map(Kind.init))
    func routes(_ kind: Kind) {
        let routes = kind.type.fields.compactMap { $0.field.split(separator: "`").first }
        #expect(routes.contains { $0.hasPrefix("/") })
        #expect(routes.allSatisfy { $0.utf8.count <= ReportLimits.minLabelValueLength })
    }

    @Test(
        "A campaign whose name is no text keeps its row, and a name cut within a character loses that one alone",
        arguments: [
            ("null", nil), ("{\"en\":\"x\"}", nil), ("[\"x\"]", nil), ("17", "17"), ("\"a\\ud83d\"", "a\u{FFFD}"),
            ("\"a\\udc00b\\ud83d\\ude80\"", "a\u{FFFD}b🚀"),
        ]
    )
    func names(_ json: String, _ name: String?) throws {
        let body = Array(#"[{"id":"c","_id":"c","campaign_id":"c","name":\#(json),"campaign_name":\#(json)}]"#.utf8)
        let data = JSONText(body).data
        let decoder = JSONDecoder()
        #expect(try decoder.decode([InstantlyCampaign].self, from: data).map(\.name) == [name])
        #expect(try decoder.decode([InstantlyAnalytics].self, from: data).map(\.name) == [name])
        #expect(try decoder.decode([LemlistCampaign].self, from: data).map(\.name) == [name])
        #expect(try decoder.decode([SendKitCampaign].self, from: data).map(\.name) == [name])
        let cut = [UInt8](#"{"id":"c","name":"a"#.utf8) + [0xF0, 0x9F] + [UInt8](#"b"}"#.utf8)
        #expect(try decoder.decode(SendKitCampaign.self, from: JSONText(cut).data).name == "a\u{FFFD}b")
    }
}

/// A provider as a test's argument.
struct Kind: Sendable, CustomTestStringConvertible {
    let type: any ProviderKind.Type

    init(_ type: any ProviderKind.Type) {
        self.type = type
    }

    var testDescription: String { type.title }
}
