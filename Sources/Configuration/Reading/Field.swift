// SPDX-License-Identifier: Apache-2.0

/// A value under its key, as the settings read it: each call gives the typed value, or notes why there is none.
package struct Field {
    /// The key; for an item of a list the list's key.
    package let name: String
    /// Where the key stands; for an item of a list where the item stands.
    package let keyPlace: Place
    /// What stands there.
    package let node: YAMLNode
    private let reader: Reader

    /// Describes a value.
    init(name: String, keyPlace: Place, node: YAMLNode, reader: Reader) {
        self.name = name
        self.keyPlace = keyPlace
        self.node = node
        self.reader = reader
    }

    /// Notes what is wrong with the value.
    package func complain(_ message: String) {
        reader.complain("\(name): \(message)", at: node.place)
    }

    /// The text, variables expanded.
    package func text() -> String? {
        guard case .scalar(let text) = node.value else {
            complain(node.value == .null ? "a value is missing here" : "write one value here, not a list or mapping")
            return nil
        }
        do throws(ExpansionError) {
            return try reader.expansion.expand(text)
        } catch {
            complain("\(error)")
            return nil
        }
    }

    /// The text as it stands in the file, quoted: no message shows what a variable holds.
    package var quoted: String {
        guard case .scalar(let text) = node.value else { return "the value" }
        return text.quoted
    }

    /// Whether a text stands in the file as it is, so that a message may show it.
    package func shows(_ text: String) -> Bool {
        node.value == .scalar(text)
    }

    /// The items of a list.
    package func list() -> [Field]? {
        guard case .sequence(let items) = node.value else {
            complain("write a list here: [one, another]")
            return nil
        }
        return items.map { Field(name: name, keyPlace: $0.place, node: $0, reader: reader) }
    }

    /// The fields of a mapping, whatever their keys; those without a value count as not there.
    package func entries() -> [Field]? {
        guard case .mapping(let entries) = node.value else {
            complain("write keys and values here: key: value")
            return nil
        }
        return entries.filter { $0.value.value != .null }
            .map { Field(name: $0.key, keyPlace: $0.keyPlace, node: $0.value, reader: reader) }
    }

    /// The fields of a mapping with known keys; every other key is noted as a problem.
    ///
    /// - Parameters:
    ///   - keys: the keys known when this was written.
    ///   - more: keys known only at run time.
    /// - Returns: the fields, or `nil` after it was noted that this is no mapping.
    package func fields<Key>(of keys: Key.Type, and more: [String] = []) -> Fields<Key>? {
        entries().map { Fields($0, and: more, at: node.place, reader: reader) }
    }

    /// Notes that nobody knows this key.
    package func complainUnknown(among known: [String]) {
        let near = known.nearest(to: name).map { "did you mean \($0)?" }
        let hint = near ?? "known here are \(known.joined(separator: ", "))"
        reader.complain("unknown key \(name.quoted): \(hint)", at: keyPlace)
    }
}
