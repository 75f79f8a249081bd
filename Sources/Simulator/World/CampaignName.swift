// SPDX-License-Identifier: Apache-2.0

/// Names that people give their campaigns, the awkward ones among them.
enum CampaignName {
    private static let names = [
        "Q3 SaaS founders – DACH",
        "Product launch 🚀",
        #"The "quick question" sequence"#,
        "Agences · Île-de-France",
        "日本 SaaS 創業者",
        #"Import C:\leads\warm"#,
        "Seed-stage CTOs, follow-up",
        "Ломбардия & Венето",
        "Re-engage\nlist B",
        "Webinar no-shows {first_name}",
        "عملاء الخليج",
        "50% off <b>renewals</b>",
        "Recruiters 👩‍💻 NYC",
        "Partners, tier 2",
        "Conference leads 'Web Summit'",
        "Logistics UK / IE",
    ]

    /// The name of the campaign with this number; from the seventeenth on names repeat with a number behind.
    static func name(_ index: Int) -> String {
        let round = index / names.count
        return round == 0 ? names[index] : "\(names[index % names.count]) #\(round + 1)"
    }
}
