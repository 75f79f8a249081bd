// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Outreach

@Suite struct MeasuresTests {
    @Test("A number is there once it is set, whatever the order of setting")
    func set() {
        for order in [CampaignMeasure.allCases, CampaignMeasure.allCases.reversed()] {
            var measures = Measures<CampaignMeasure>()
            for measure in order { measures[measure] = Double(measure.rawValue) + 0.5 }
            #expect(measures.count == CampaignMeasure.allCases.count)
            for measure in order { #expect(measures[measure] == Double(measure.rawValue) + 0.5) }
        }
    }

    @Test("What was not reported is not there, and zero is not the same")
    func absent() {
        let measures = Measures<StepMeasure>([.opens: 0])
        #expect(measures[.opens] == 0)
        #expect(measures[.clicks] == nil)
        #expect(measures != Measures())
    }

    @Test("A number is replaced and removed without moving the others")
    func replace() {
        var measures = Measures<StepMeasure>([.messagesSent: 1, .opens: 2, .dealsWon: 3])
        measures[.opens] = 20
        #expect(measures == Measures([.dealsWon: 3, .messagesSent: 1, .opens: 20]))
        measures[.opens] = nil
        measures[.clicks] = nil
        #expect(measures == Measures([.messagesSent: 1, .dealsWon: 3]))
    }

    @Test("Adding sums, merging replaces")
    func combine() {
        let other = Measures<StepMeasure>([.opens: 5, .clicks: 7])
        var sum = Measures<StepMeasure>([.messagesSent: 1, .opens: 2])
        sum.add(other)
        #expect(sum == Measures([.messagesSent: 1, .opens: 7, .clicks: 7]))
        var merged = Measures<StepMeasure>([.messagesSent: 1, .opens: 2])
        merged.merge(other)
        #expect(merged == Measures([.messagesSent: 1, .opens: 5, .clicks: 7]))
    }

    @Test("No list of measures outgrows its set of bits")
    func bits() {
        #expect(CampaignMeasure.allCases.count <= 64)
        #expect(StepMeasure.allCases.count <= 64)
        #expect(MailboxMeasure.allCases.count <= 64)
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
