// SPDX-License-Identifier: Apache-2.0

import Foundation
import Outreach
import Testing

@Suite struct SavedReportTests {
    @Test("A saved campaign comes back as it was")
    func roundTrip() throws {
        var measures = Measures<CampaignMeasure>()
        measures[.leads] = 12
        measures[.dealsClosed] = 0
        var step = Step(key: .init(step: "2", variant: "B"), channel: "linkedin", task: "invite")
        step.measures[.messagesSent] = 7.5
        let campaign = Campaign(
            id: "c1",
            name: "Q1 \"north\"\n🚀",
            status: .bounceProtect,
            measures: measures,
            leadsByStatus: ["sent": 3],
            steps: [step]
        )
        let saved = try JSONEncoder().encode(campaign)
        #expect(try JSONDecoder().decode(Campaign.self, from: saved) == campaign)
    }

    @Test("Measures are saved under their families' names, and unknown names are passed over")
    func names() throws {
        var measures = Measures<StepMeasure>()
        measures[.messagesSent] = 5
        let saved = try JSONEncoder().encode(measures)
        #expect(String(decoding: saved, as: UTF8.self) == #"{"outreach_step_messages_sent_total":5}"#)
        let foreign = Data(#"{"outreach_step_messages_sent_total":5,"outreach_step_votes_total":1}"#.utf8)
        #expect(try JSONDecoder().decode(Measures<StepMeasure>.self, from: foreign) == measures)
    }
}
