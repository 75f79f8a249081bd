// SPDX-License-Identifier: Apache-2.0

internal import Exposition

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
