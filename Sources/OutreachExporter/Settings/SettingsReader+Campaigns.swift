// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import Outreach

extension SettingsReader {
    /// Reads which campaigns of an account are collected.
    func campaigns(_ field: Field?) -> CampaignSelection {
        let fields = field?.fields(of: SettingsKeys.Campaigns.self)
        return CampaignSelection(
            include: expressions(fields?[.include]),
            exclude: expressions(fields?[.exclude]),
            statuses: statuses(fields?[.statuses]),
            limit: fields?[.limit].map(limit) ?? CampaignSelection().limit
        )
    }

    private func expressions(_ field: Field?) -> [String] {
        field?.list()?.compactMap(expression) ?? []
    }

    /// A `Regex` cannot be shared between tasks: the text is kept and compiled again where names are matched.
    private func expression(_ field: Field) -> String? {
        guard let text = field.text() else { return nil }
        do {
            _ = try Regex(text).firstMatch(in: "")
            return text
        } catch {
            field.complain("\(field.quoted) is no regular expression\(field.shows(text) ? ": \(error)" : "")")
            return nil
        }
    }

    private func statuses(_ field: Field?) -> Set<CampaignStatus> {
        let known = CampaignStatus.allCases.map(\.rawValue)
        let words = field?.list()?.compactMap { $0.word(among: known) } ?? []
        return Set(words.compactMap(CampaignStatus.init))
    }
}
