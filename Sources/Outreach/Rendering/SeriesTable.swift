// SPDX-License-Identifier: Apache-2.0

internal import Exposition

/// Things of one kind with numbers: a row of labels each, rendered once, and a column per measure.
///
/// The rows lie in flat arrays because a page visits each of them once per measure.
struct SeriesTable<Measure: MeasureKey> {
    /// The labels that the series of a row share.
    private(set) var labels: LabelSets
    private var measures: [Measures<Measure>] = []

    /// An empty table.
    ///
    /// - Parameter capacity: how many rows to make room for.
    init(capacity: Int) {
        labels = LabelSets(capacity: capacity)
        measures.reserveCapacity(capacity)
    }

    /// Appends a row.
    mutating func append(_ base: Labels, _ pairs: KeyValuePairs<String, String>, _ measures: Measures<Measure>) {
        labels.append(base, pairs)
        self.measures.append(measures)
    }

    /// Writes one family per measure.
    func write(to writer: inout ExpositionWriter) {
        for measure in Measure.allCases {
            writer.open(measure.family)
            for row in measures.indices {
                if let value = measures[row][measure] { writer.sample(labels, row, value) }
            }
        }
    }
}
