// SPDX-License-Identifier: Apache-2.0

package import Exposition

/// The numbers a provider reported for one thing: a value per measure, or none where nothing was reported.
///
/// A set of bits says which measures are there; their values lie side by side in the order of the measures, so that
/// a campaign with thirty numbers costs thirty-two words.
package struct Measures<Measure: MeasureKey>: Sendable, Hashable {
    private var present: UInt64 = 0
    private var values: [Double] = []

    /// No number at all.
    package init() {}

    /// The value of a measure; `nil` where the provider reported none.
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

    /// Goes through the values in the order of the measures, each with its measure's raw value.
    func forEach(_ body: (Int, Double) -> Void) {
        var rest = present
        for value in values {
            body(rest.trailingZeroBitCount, value)
            rest &= rest - 1
        }
    }

    /// How many measures have a value.
    package var count: Int { values.count }

    /// Adds to a measure: the sum where it had a value, the value itself where it had none.
    package mutating func add(_ value: Double, to measure: Measure) {
        self[measure] = (self[measure] ?? 0) + value
    }

    /// Takes over every value of `other`, replacing those that stand here already.
    package mutating func merge(_ other: Measures) {
        for measure in Measure.allCases where other.present & measure.bit != 0 {
            self[measure] = other[measure]
        }
    }

    /// Adds every value of `other` to this one's.
    package mutating func add(_ other: Measures) {
        for measure in Measure.allCases {
            if let value = other[measure] { add(value, to: measure) }
        }
    }

    private func position(of measure: Measure) -> Int {
        (present & (measure.bit - 1)).nonzeroBitCount
    }
}

/// A closed list of measures, at most 64, each a metric family.
package protocol MeasureKey: CaseIterable, Hashable, Sendable, RawRepresentable<UInt8> {
    /// The family that carries this measure.
    var family: MetricFamily { get }
}

extension MeasureKey {
    fileprivate var bit: UInt64 { 1 << UInt64(rawValue) }
}

/// Saved under the names of the families, the contract that outlives the order of the measures in this version.
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

/// A family's name as a key of a saved value.
private struct FamilyName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
}
