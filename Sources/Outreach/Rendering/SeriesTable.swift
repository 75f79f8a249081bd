// SPDX-License-Identifier: Apache-2.0

internal import Exposition

/// Things of one kind with numbers: a row of labels each, rendered once, and a column of numbers per measure.
///
/// A page is written column by column: lying side by side, the numbers of a column are there before they are asked for,
/// while those of the reports, scattered over memory, would each be waited for.
struct SeriesTable<Measure: MeasureKey> {
    /// The labels that the series of a row share.
    private(set) var labels: LabelSets
    /// The columns one behind the other in the order of the measures; not a number where a row has no such number.
    private var values: [Double]
    private let capacity: Int

    /// An empty table.
    ///
    /// - Parameter capacity: how many rows there can be.
    init(capacity: Int) {
        self.capacity = capacity
        labels = LabelSets(capacity: capacity)
        values = Array(repeating: .nan, count: capacity * Measure.allCases.count)
    }

    /// Appends a row.
    mutating func append(_ base: Labels, _ pairs: KeyValuePairs<String, String>, _ measures: Measures<Measure>) {
        let row = labels.count
        labels.append(base, pairs)
        measures.forEach { measure, value in values[measure * capacity + row] = value }
    }

    /// Writes one family per measure.
    func write(to writer: inout ExpositionWriter) {
        for measure in Measure.allCases {
            writer.open(measure.family)
            let first = Int(measure.rawValue) * capacity
            writer.samples(labels, values.span.extracting(first..<first + labels.count))
        }
    }
}
