// SPDX-License-Identifier: Apache-2.0

import Exposition
import Foundation
import Outreach
import Testing

@testable import OutreachExporter

@Suite struct CatalogueDocumentTests {
    @Test("docs/metrics.md is what the program writes: outreach-exporter catalogue > docs/metrics.md")
    func document() throws {
        let path = FileManager.default.currentDirectoryPath + "/docs/metrics.md"
        #expect(try String(contentsOfFile: path, encoding: .utf8) == CatalogueDocument.complete.markdown)
    }

    @Test("every table has as many cells in each row as in its head")
    func tables() {
        for section in CatalogueDocument.complete.markdown.split(separator: "\n## ") {
            let rows = section.split(separator: "\n").filter { $0.hasPrefix("|") }
            #expect(Set(rows.map { $0.split(separator: "|", omittingEmptySubsequences: false).count }).count <= 1)
        }
    }

    /// Labels that service discovery and its usual relabelling set on every series of a target.
    ///
    /// They are those of the Prometheus Operator's monitors, of Kubernetes, Docker and Consul, and those that Prometheus
    /// sets or adds for a pair or a cluster. A label of the same name would arrive as `exported_…`, where no rule looks.
    private static let targetLabels: Set<String> = [
        "job", "instance", "namespace", "pod", "container", "endpoint", "service", "node", "host", "hostname",
        "cluster",
        "prometheus", "prometheus_replica", "replica", "address", "target", "image", "network", "project", "dc",
        "datacenter", "region", "zone", "environment", "app", "component",
    ]

    @Test("no label has a name that service discovery sets on the target")
    func targetLabels() {
        let labels = CatalogueDocument.complete.groups.flatMap { $0.labels + $0.families.flatMap(\.labels) }
        #expect(Set(labels).isDisjoint(with: Self.targetLabels))
        #expect(labels.contains("route") && labels.contains("mailbox_service"))
        #expect(!labels.contains { $0.hasPrefix("exported_") || $0.hasPrefix("__") })
    }
}
