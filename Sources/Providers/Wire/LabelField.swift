// SPDX-License-Identifier: Apache-2.0

internal import Exposition
internal import Outreach

/// A field whose text becomes a label: a name, a status.
struct LabelField: Sendable {
    /// The route's pattern.
    let route: String
    /// The field's name, with dots into objects inside.
    let name: String
    /// The family that carries it.
    let family: Family

    /// Maps a field.
    init(_ route: String, _ name: String, _ family: Family) {
        self.route = route
        self.name = name
        self.family = family
    }

    /// Where the family comes from.
    var source: FieldSource { FieldSource(family: family.name, route: route, field: name) }
}

extension WireRow {
    /// The text of a label's field.
    func text(_ field: LabelField) -> String? { text(field.name) }
}

extension FieldSource {
    /// Names a field of a route.
    init(family: String, route: String, field: String) {
        self.init(family: family, field: "`\(route)` `\(field)`")
    }
}
