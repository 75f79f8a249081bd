// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Exposition
internal import Outreach
internal import Providers

/// `docs/metrics.md`, generated from the tables that the program itself uses.
struct CatalogueDocument {
    /// The groups of families, in the order of the document.
    let groups: [FamilyGroup]
    /// The providers, whose fields stand behind the families.
    let kinds: [any ProviderKind.Type]

    var markdown: String {
        introduction + groups.map(section).joined()
    }

    private var introduction: String {
        """
        # Metrics

        <!-- Written by `outreach-exporter catalogue`. -->

        Everything that `outreach-exporter` exposes, and the provider's field behind each number. Counters carry the
        provider's own totals, refreshed once per collection interval. What a provider does not report has no series: a
        missing number is never a zero.

        Three grains are never mixed in one metric: *events* (every open, click and reply, repetitions included),
        *messages* (counted once per lead and step), and *leads* (counted once per lead and campaign).

        Names are joined where they are wanted:

        ```promql
        outreach_campaign_messages_sent_total
          * on (provider, account, campaign) group_left (name) outreach_campaign_info
        ```

        """
    }

    private func section(_ group: FamilyGroup) -> String {
        let labels = group.labels.map { "`\($0)`" }.joined(separator: ", ")
        let carried = labels.isEmpty ? "" : "\nLabels of every series: \(labels).\n"
        return "\n## \(group.title)\n\(carried)\n" + table(group.families)
    }

    private func table(_ families: [MetricFamily]) -> String {
        let filled = kinds.filter { kind in families.contains { !fields(of: $0, kind).isEmpty } }
        let head = ["metric", "type", "what it tells"] + filled.map { $0.title }
        let rows = families.map { family in
            [name(family), "\(family.type)", help(family)] + filled.map { fields(of: family, $0) }
        }
        return ([head, head.map { _ in "---" }] + rows).map(line).joined()
    }

    private func line(_ cells: [String]) -> String {
        "| " + cells.map { $0.split(separator: "|").joined(separator: "\\|") }.joined(separator: " | ") + " |\n"
    }

    private func name(_ family: MetricFamily) -> String {
        family.labels.isEmpty
            ? "`\(family.name)`" : "`\(family.name){\(family.labels.joined(separator: ","))}`"
    }

    /// The help text without the sentence that every family shares; the introduction has it once.
    private func help(_ family: MetricFamily) -> String {
        family.help.hasSuffix(MetricFamily.refreshed)
            ? String(family.help.dropLast(MetricFamily.refreshed.count)) : family.help
    }

    private func fields(of family: MetricFamily, _ kind: any ProviderKind.Type) -> String {
        kind.fields.filter { $0.family == family.name }.map(\.field).joined(separator: ", ")
    }
}

extension CatalogueDocument {
    /// The document of all metrics of this program.
    static var complete: CatalogueDocument {
        CatalogueDocument(
            groups: Catalogue.groups + [
                FamilyGroup(
                    "Collection",
                    labels: ["provider", "account"],
                    CollectionFamilies.all.filter { !CollectionFamilies.ofProviders.contains($0) }
                ),
                FamilyGroup(
                    "Exporter",
                    labels: [],
                    ExporterFamilies.all + CollectionFamilies.ofProviders + PageFamilies.all
                ),
                FamilyGroup("Process", labels: [], ProcessFamilies.all),
            ],
            kinds: providerKinds
        )
    }
}
