// SPDX-License-Identifier: Apache-2.0

internal import Outreach
internal import TestSupport

/// Reports of a size asked for: the three providers in equal parts, each with the numbers that it reports, random
/// campaign ids and plausible values.
enum Fleet {
    /// What a provider tells.
    private struct Kind {
        let provider: String
        let campaign: [CampaignMeasure]
        let step: [StepMeasure]

        /// The series of a campaign: its numbers, name and status, and those of its steps with what they are.
        var seriesPerCampaign: Int { campaign.count + 2 + Fleet.steps * (step.count + 1) }
    }

    private static let kinds = [
        Kind(
            provider: "instantly",
            campaign: [
                .evergreen, .leads, .leadsContacted, .newLeadsContacted, .leadsOpened, .leadsClicked, .leadsReplied,
                .leadsRepliedAutomatically, .leadsInterested, .leadsUnsubscribed, .leadsCompleted, .messagesSent,
                .messagesBounced, .messagesOpened, .messagesClicked, .messagesReplied, .messagesRepliedAutomatically,
                .opens, .clicks, .replies, .automaticReplies, .leadsWithOpportunity, .opportunityValue,
                .meetingsBooked, .meetingsCompleted, .dealsClosed,
            ],
            step: [
                .messagesSent, .messagesOpened, .messagesClicked, .messagesReplied, .messagesRepliedAutomatically,
                .opens, .clicks, .replies, .automaticReplies, .opportunities, .leadsWithOpportunity, .meetingsBooked,
                .dealsWon,
            ]
        ),
        Kind(
            provider: "lemlist",
            campaign: [
                .createdTimestampSeconds, .leads, .leadsContacted, .leadsReached, .leadsOpened, .leadsInteracted,
                .leadsReplied, .leadsInterested, .leadsNotInterested, .leadsUnsubscribed, .leadsInterrupted,
                .messagesSent, .messagesDelivered, .messagesNotSent, .messagesBounced, .messagesOpened,
                .messagesClicked, .messagesReplied, .invitationsAccepted, .meetingsBooked,
            ],
            step: [
                .messagesSent, .messagesDelivered, .messagesNotDelivered, .messagesBounced, .messagesOpened,
                .messagesClicked, .messagesReplied, .invitationsSent, .leadsUnsubscribed,
            ]
        ),
        Kind(
            provider: "sendkit",
            campaign: [
                .startedTimestampSeconds, .leads, .leadsReplied, .leadsUnsubscribed, .messagesSent, .messagesDelivered,
                .messagesBounced, .messagesOpened, .messagesClicked,
            ],
            step: [.messagesSent, .messagesBounced, .messagesOpened, .messagesClicked]
        ),
    ]

    /// Four steps of two variants.
    private static let steps = 8
    private static let campaignsPerAccount = 200

    /// Accounts of at most 200 campaigns.
    static func reports(series: Int) -> [AccountReport] {
        var names = SeededGenerator(seed: 1)
        var random = SeededGenerator(seed: 2)
        let campaigns = max(1, series / kinds.reduce(0) { $0 + $1.seriesPerCampaign })
        return kinds.flatMap { kind in
            stride(from: 0, to: campaigns, by: campaignsPerAccount).map { first in
                AccountReport(
                    account: Account(provider: kind.provider, name: "customer-\(first / campaignsPerAccount)"),
                    campaigns: (first..<min(first + campaignsPerAccount, campaigns)).map {
                        campaign($0, of: kind, &names, &random)
                    }
                )
            }
        }
    }

    /// Accounts of about so many series each, of the providers in turn; the same in every process.
    static func reports(accounts: Int, series: Int) -> [AccountReport] {
        (0..<accounts).map { report(ofAccount: $0, series: series, seed: UInt64($0)) }
    }

    /// The report of an account; another seed changes every number and nothing else.
    static func report(ofAccount index: Int, series: Int, seed: UInt64) -> AccountReport {
        let kind = kinds[index % kinds.count]
        let isSmall = series < kind.seriesPerCampaign
        var names = SeededGenerator(seed: UInt64(index))
        var numbers = SeededGenerator(seed: seed &* 0x9E37_79B9 &+ 1)
        return AccountReport(
            account: Account(provider: kind.provider, name: "customer-\(index)"),
            campaigns: (0..<max(1, series / kind.seriesPerCampaign)).map { campaign in
                // A small account's only campaign has as many numbers as fit, and no steps.
                Self.campaign(campaign, of: kind, numbersOnly: isSmall ? series - 2 : nil, &names, &numbers)
            }
        )
    }

    private static func campaign(
        _ index: Int,
        of kind: Kind,
        numbersOnly: Int? = nil,
        _ names: inout SeededGenerator,
        _ random: inout SeededGenerator
    ) -> Campaign {
        Campaign(
            id: uuid(&names),
            name: "Q\(index % 4 + 1) outbound, segment \(index)",
            status: .active,
            measures: numbers(Array(kind.campaign.prefix(numbersOnly ?? .max)), &random),
            steps: (0..<(numbersOnly == nil ? steps : 0)).map { step in
                Step(
                    key: .init(step: "\(step / 2 + 1)", variant: Step.letter(step % 2)),
                    measures: numbers(kind.step, &random)
                )
            }
        )
    }

    private static func numbers<Measure: MeasureKey>(
        _ keys: [Measure],
        _ random: inout SeededGenerator
    ) -> Measures<Measure> {
        var measures = Measures<Measure>()
        for key in keys { measures[key] = Double(Int.random(in: 0..<20_000, using: &random)) }
        return measures
    }

    private static func uuid(_ random: inout SeededGenerator) -> String {
        let digits = Array("0123456789abcdef")
        let text = (0..<32).map { _ in digits[Int.random(in: 0..<16, using: &random)] }
        return [text[..<8], text[8..<12], text[12..<16], text[16..<20], text[20...]].map { String($0) }
            .joined(separator: "-")
    }
}
