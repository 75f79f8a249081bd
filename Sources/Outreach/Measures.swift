// SPDX-License-Identifier: Apache-2.0

package import Exposition

/// The values that a provider reports for a campaign, step or mailbox: at most one per measure.
///
/// A bit set says which measures have a value; the values are stored without gaps, in the order of the measures.
package struct Measures<Measure: MeasureKey>: Sendable, Hashable {
    private var present: UInt64 = 0
    private var values: [Double] = []

    package init() {}

    /// The value of a measure; `nil` if the provider reports none.
    package subscript(measure: Measure) -> Double? {
        get { present & measure.bit == 0 ? nil : values[position(of: measure)] }
        set {
            let position = position(of: measure)
            switch (present & measure.bit != 0, newValue) {
            case (true, let value?): values[position] = value
            case (false, let value?): values.insert(value, at: position)
            case (true, nil): values.remove(at: position)
            case (false, nil): return
            }
            present = newValue == nil ? present & ~measure.bit : present | measure.bit
        }
    }

    /// Calls `body` with the raw value of each measure that has a value, in their order, and the value.
    func forEach(_ body: (Int, Double) -> Void) {
        var rest = present
        for value in values {
            body(rest.trailingZeroBitCount, value)
            rest &= rest - 1
        }
    }

    /// The number of measures that have a value.
    package var count: Int { values.count }

    /// Adds to the value of a measure; a missing one counts as zero.
    package mutating func add(_ value: Double, to measure: Measure) {
        self[measure] = (self[measure] ?? 0) + value
    }

    /// Takes over every value of `other`, replacing present ones.
    package mutating func merge(_ other: Measures) {
        for measure in Measure.allCases where other.present & measure.bit != 0 {
            self[measure] = other[measure]
        }
    }

    /// Adds every value of `other`; a missing one counts as zero.
    package mutating func add(_ other: Measures) {
        for measure in Measure.allCases {
            if let value = other[measure] { add(value, to: measure) }
        }
    }

    private func position(of measure: Measure) -> Int {
        (present & (measure.bit - 1)).nonzeroBitCount
    }
}

/// An enum of measures, at most 64, each published as a metric family.
package protocol MeasureKey: CaseIterable, Hashable, Sendable, RawRepresentable<UInt8> {
    /// The family, which is made once: it contains its rendered metadata.
    var family: MetricFamily { get }
}

extension MeasureKey {
    fileprivate var bit: UInt64 { 1 << UInt64(rawValue) }
}

/// The storage format: values by the family's name, which is stable while the order of the measures is not.
extension Measures: Codable {
    package init(from decoder: any Decoder) throws {
        self.init()
        let saved = try decoder.container(keyedBy: FamilyName.self)
        for measure in Measure.allCases {
            self[measure] = try saved.decodeIfPresent(Double.self, forKey: FamilyName(measure.family.name))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var saved = encoder.container(keyedBy: FamilyName.self)
        for measure in Measure.allCases {
            guard let value = self[measure] else { continue }
            try saved.encode(value, forKey: FamilyName(measure.family.name))
        }
    }
}

private struct FamilyName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
}
