// SPDX-License-Identifier: Apache-2.0

internal import Exposition
internal import Outreach

/// Which number fields of a route become which measures: what decoding and documentation both go by.
struct FieldTable<Measure: MeasureKey>: Sendable {
    /// The route's pattern.
    let route: String
    /// Whether the provider leaves zeros out of a row that it sends.
    var zeroWhenMissing = false
    /// The fields.
    let fields: [Field<Measure>]

    /// Where each measure's family comes from.
    var sources: [FieldSource] {
        fields.map { FieldSource(family: $0.measure.family.name, route: route, field: $0.name) }
    }
}
