// SPDX-License-Identifier: Apache-2.0

/// What the page says about itself.
extension ExpositionWriter {
    /// Writes the size of the last answer in each rendition.
    mutating func write(_ byteCounts: [Rendition: Int]) {
        open(PageFamilies.exposition)
        for (rendition, byteCount) in byteCounts.sorted(by: { $0.key < $1.key }) {
            let labels = Labels(["format": rendition.syntax.rawValue, "encoding": rendition.coding.rawValue])
            sample(labels, Double(byteCount))
        }
    }

    /// Writes how many samples the whole page has, this one included; it comes last.
    ///
    /// - Parameter count: the samples that stand before this writer's.
    mutating func writeTotal(behind count: Int) {
        open(PageFamilies.series)
        sample(Labels(), Double(count + seriesCount + 1))
    }
}
