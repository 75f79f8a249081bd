// SPDX-License-Identifier: Apache-2.0

internal import CYAML

/// An event of libyaml's parser.
struct YAMLEvent {
    enum Kind {
        case streamStart, streamEnd
        case documentStart, documentEnd
        case scalar(String, isPlain: Bool)
        case sequenceStart, sequenceEnd
        case mappingStart, mappingEnd
        case alias(String)
    }

    let kind: Kind
    let location: SourceLocation
    /// The anchor before it, without the `&`.
    var anchor: String?
    /// The tag before it.
    var tag: String?

    /// Whether it is a scalar without quotes.
    var isPlain: Bool {
        guard case .scalar(_, isPlain: true) = kind else { return false }
        return true
    }
}

extension YAMLEvent {
    /// Converts libyaml's event.
    init(_ event: yaml_event_t) {
        let location = SourceLocation(event.start_mark)
        let data = event.data
        switch event.type {
        case YAML_STREAM_START_EVENT: self.init(kind: .streamStart, location: location)
        case YAML_DOCUMENT_START_EVENT: self.init(kind: .documentStart, location: location)
        case YAML_DOCUMENT_END_EVENT: self.init(kind: .documentEnd, location: location)
        case YAML_SEQUENCE_END_EVENT: self.init(kind: .sequenceEnd, location: location)
        case YAML_MAPPING_END_EVENT: self.init(kind: .mappingEnd, location: location)
        case YAML_ALIAS_EVENT: self.init(kind: .alias(text(data.alias.anchor) ?? ""), location: location)
        case YAML_SCALAR_EVENT: self.init(data.scalar, at: location)
        case YAML_SEQUENCE_START_EVENT:
            let start = data.sequence_start
            self.init(kind: .sequenceStart, location: location, anchor: text(start.anchor), tag: text(start.tag))
        case YAML_MAPPING_START_EVENT:
            let start = data.mapping_start
            self.init(kind: .mappingStart, location: location, anchor: text(start.anchor), tag: text(start.tag))
        default: self.init(kind: .streamEnd, location: location)
        }
    }

    private init(_ scalar: yaml_event_s.__Unnamed_union_data.__Unnamed_struct_scalar, at location: SourceLocation) {
        let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
        self.init(
            kind: .scalar(String(decoding: bytes, as: UTF8.self), isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE),
            location: location,
            anchor: text(scalar.anchor),
            tag: text(scalar.tag)
        )
    }
}

extension SourceLocation {
    /// Converts libyaml's mark, which counts from 0.
    init(_ mark: yaml_mark_t) {
        self.init(line: mark.line + 1, column: mark.column + 1)
    }
}

private func text(_ characters: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    characters.map { String(cString: $0) }
}

/// libyaml's parser with the bytes that it reads.
struct YAMLEvents: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>

    init(_ bytes: [UInt8]) {
        parser = .allocate(capacity: 1)
        input = .allocate(capacity: bytes.count)
        _ = input.initialize(fromContentsOf: bytes)
        guard yaml_parser_initialize(parser) == 1 else {
            // libyaml fails here only where memory is lacking, and there Swift ends the process too.
            fatalError("out of memory")
        }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    /// The next event; after `streamEnd` there is none.
    ///
    /// - Throws: the syntax error that ends the parsing.
    mutating func next() throws(YAMLSyntaxError) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw YAMLSyntaxError(parser.pointee) }
        defer { yaml_event_delete(&event) }
        return YAMLEvent(event)
    }
}
