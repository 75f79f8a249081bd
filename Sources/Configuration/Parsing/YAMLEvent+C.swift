// SPDX-License-Identifier: Apache-2.0

internal import CYAML

extension YAMLEvent {
    /// Copies what libyaml found.
    init(_ event: yaml_event_t) {
        let place = Place(event.start_mark)
        let data = event.data
        switch event.type {
        case YAML_STREAM_START_EVENT: self.init(kind: .streamStart, place: place)
        case YAML_DOCUMENT_START_EVENT: self.init(kind: .documentStart, place: place)
        case YAML_DOCUMENT_END_EVENT: self.init(kind: .documentEnd, place: place)
        case YAML_SEQUENCE_END_EVENT: self.init(kind: .sequenceEnd, place: place)
        case YAML_MAPPING_END_EVENT: self.init(kind: .mappingEnd, place: place)
        case YAML_ALIAS_EVENT: self.init(kind: .alias(text(data.alias.anchor) ?? ""), place: place)
        case YAML_SCALAR_EVENT: self.init(data.scalar, at: place)
        case YAML_SEQUENCE_START_EVENT:
            let start = data.sequence_start
            self.init(kind: .sequenceStart, place: place, anchor: text(start.anchor), tag: text(start.tag))
        case YAML_MAPPING_START_EVENT:
            let start = data.mapping_start
            self.init(kind: .mappingStart, place: place, anchor: text(start.anchor), tag: text(start.tag))
        default: self.init(kind: .streamEnd, place: place)
        }
    }

    private init(_ scalar: yaml_event_s.__Unnamed_union_data.__Unnamed_struct_scalar, at place: Place) {
        let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
        self.init(
            kind: .scalar(String(decoding: bytes, as: UTF8.self), isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE),
            place: place,
            anchor: text(scalar.anchor),
            tag: text(scalar.tag)
        )
    }
}

extension Place {
    /// Counts from 1 what libyaml counts from 0.
    init(_ mark: yaml_mark_t) {
        self.init(line: mark.line + 1, column: mark.column + 1)
    }
}

private func text(_ characters: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    characters.map { String(cString: $0) }
}
