// SPDX-License-Identifier: Apache-2.0

/// The fields of a mapping whose keys are known.
package struct Fields<Key: RawRepresentable<String> & CaseIterable> {
    private let fields: [String: Field]
    private let place: Place
    private let reader: Reader

    /// Takes the known fields and notes the unknown ones.
    init(_ entries: [Field], and more: [String], at place: Place, reader: Reader) {
        let known = Key.allCases.map(\.rawValue) + more
        for field in entries where !known.contains(field.name) {
            field.complainUnknown(among: known)
        }
        fields = Dictionary(entries.map { ($0.name, $0) }) { first, _ in first }
        self.place = place
        self.reader = reader
    }

    /// A field, if it has a value.
    package subscript(key: Key) -> Field? {
        fields[key.rawValue]
    }

    /// A field whose key is known only at run time, if it has a value.
    package subscript(key: String) -> Field? {
        fields[key]
    }

    /// A field that must have a value; its absence is noted as a problem.
    package func required(_ key: Key) -> Field? {
        if fields[key.rawValue] == nil {
            complain("\(key.rawValue) is missing")
        }
        return fields[key.rawValue]
    }

    /// Notes what is wrong with the mapping as a whole.
    package func complain(_ message: String) {
        reader.complain(message, at: place)
    }
}
