// SPDX-License-Identifier: Apache-2.0

package import Exposition
package import Outreach

extension CampaignPast {
    /// The campaign's labels as its series carry them.
    package static func labels(of campaign: String, _ account: Account) -> Labels {
        account.labels.adding("campaign", campaign)
    }

    /// The lines that a part's word on a campaign becomes, its seal last, each with its end.
    ///
    /// - Parameters:
    ///   - part: what told it.
    ///   - campaign: the provider's id.
    ///   - account: whose campaign it is.
    ///   - first: the boundary of the whole past at which this one begins.
    /// - Returns: the lines.
    package func spooled(part: String, campaign: String, of account: Account, from first: Int) -> [UInt8] {
        let labels = Self.labels(of: campaign, account)
        let seal = SpoolLine.Seal(
            part: part,
            campaign: labels.bytes,
            birth: birth.map { $0 + first },
            isCorrected: isCorrected
        )
        return (series(labels, from: first) + [.seal(seal)]).reduce(into: []) { bytes, line in
            bytes += line.bytes
            bytes.append(UInt8(ascii: "\n"))
        }
    }

    /// Every series, those of a family in the order of the page.
    private func series(_ labels: Labels, from first: Int) -> [SpoolLine] {
        let known = steps.values.sorted { $0.key < $1.key }
        let infos = known.map { step in
            let labels = labels.adding(step.key).adding("channel", step.channel).adding("task", step.task)
                .adding("condition", step.condition)
            return line(HistoryFamilies.stepInfo, labels, .one)
        }
        let totals = CampaignMeasure.allCases.compactMap { line(.campaign($0), labels, from: first) }
        let counts = known.flatMap { step in
            StepMeasure.allCases.compactMap { line(.step(step.key, $0), labels.adding(step.key), from: first) }
        }
        return infos + totals + counts
    }

    private func line(_ key: Key, _ labels: Labels, from first: Int) -> SpoolLine? {
        tracks[key].map { line(HistoryFamilies.number(of: key), labels, $0.shifted(by: first)) }
    }

    private func line(_ family: Int, _ labels: Labels, _ track: Track) -> SpoolLine {
        .series(family: family, labels: labels.bytes, track)
    }
}

extension Labels {
    fileprivate func adding(_ step: Step.Key) -> Labels {
        adding("sequence", step.sequence).adding("step", step.step).adding("variant", step.variant)
    }
}
