// SPDX-License-Identifier: Apache-2.0

internal import Compression

/// The sections that are kept, in one rendition: immutable, replaced as a whole.
struct Edition: Sendable {
    /// The rendered sections in the order of the page.
    let parts: [Part]
    private let versions: [UInt64]

    /// How many samples there are.
    var seriesCount: Int { parts.reduce(0) { $0 + $1.seriesCount } }

    /// Renders the sections; those that have not moved since `previous` are taken over from it.
    init(of sections: [any Section], in rendition: Rendition, after previous: Edition? = nil) {
        // A section that moves while it is written has a later version than the one noted, and is written again.
        versions = sections.map(\.version)
        var parts: [Part] = []
        for (index, section) in sections.enumerated() {
            if let previous, previous.versions[index] == versions[index] {
                parts.append(previous.parts[index])
            } else {
                parts.append(Self.render(section, in: rendition))
            }
        }
        self.parts = parts
    }

    /// Whether it still shows what the sections would write.
    func isCurrent(for sections: [any Section]) -> Bool {
        versions == sections.map(\.version)
    }

    private static func render(_ section: any Section, in rendition: Rendition) -> Part {
        var writer = ExpositionWriter(rendition.syntax, into: rendition.coding == .gzip ? Deflater() : nil)
        section.write(to: &writer)
        return writer.finish()
    }
}
