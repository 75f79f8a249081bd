// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Configuration
internal import Outreach

extension SettingsReader {
    private static let longestLabel = 64
    private static let mostLabels = 20
    private static let highestCost = 1_000_000_000

    /// Reads whom an account works for and what it costs; all of it becomes label values and one gauge.
    func attribution(from fields: ConfigMapping<SettingsKeys.Account>, _ limits: ReportLimits) -> AccountAttribution {
        var attribution = AccountAttribution()
        attribution.client = fields[.client].flatMap { label($0, limits) } ?? ""
        let labels = fields[.labels]?.list() ?? []
        if labels.count > Self.mostLabels {
            fields[.labels]?.diagnose("these are \(labels.count) labels: write at most \(Self.mostLabels)")
        }
        attribution.labels = Set(labels.compactMap { label($0, limits) }).sorted()
        attribution.monthlyCost = monthlyCost(from: fields)
        return attribution
    }

    private func monthlyCost(from fields: ConfigMapping<SettingsKeys.Account>) -> MonthlyCost? {
        let amount = fields[.costPerMonth]?.positiveNumber(upTo: Self.highestCost)
        let currency = fields[.currency]?.value("a currency: write its three capital letters, like EUR") { text in
            text.utf8.count == 3 && text.utf8.allSatisfy { (0x41...0x5A).contains($0) } ? text : nil
        }
        if fields[.currency] == nil {
            fields[.costPerMonth]?.diagnose("currency is missing: add it, like EUR")
        } else if fields[.costPerMonth] == nil {
            fields[.currency]?.diagnose("cost_per_month is missing: add it, or remove the currency")
        }
        guard let amount, let currency else { return nil }
        return MonthlyCost(amount, currency: currency)
    }

    /// Reads a text that becomes a label value.
    private func label(_ field: ConfigValue, _ limits: ReportLimits) -> String? {
        field.trimmedText(
            "cannot be a label: write 1 to \(Self.longestLabel) characters, and no more bytes than "
                + "limits.label_value_length, without control characters or spaces around"
        ) { text in
            1...Self.longestLabel ~= text.unicodeScalars.count && text.utf8.count <= limits.labelValueLength
        }
    }
}
