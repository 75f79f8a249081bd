// SPDX-License-Identifier: Apache-2.0

/// A value of a YAML file with its location.
///
/// An alias is replaced by the value of its anchor, whose locations it keeps.
package struct YAMLNode: Sendable, Hashable {
    package enum Value: Sendable, Hashable {
        /// An empty value, or an unquoted `null` or `~`.
        case null
        /// A scalar's text, quotes and escapes resolved.
        case scalar(String)
        case sequence([YAMLNode])
        /// Keys with their values, in the order of the file; no key appears twice.
        case mapping([YAMLEntry])
    }

    package let value: Value
    package let location: SourceLocation
    /// Whether it is a scalar without quotes; only such a `true` is a boolean to YAML.
    package let isPlain: Bool

    package init(_ value: Value, at location: SourceLocation, isPlain: Bool = false) {
        self.value = value
        self.location = location
        self.isPlain = isPlain
    }
}

/// A key of a YAML mapping with its value.
package struct YAMLEntry: Sendable, Hashable {
    package let key: String
    package let keyLocation: SourceLocation
    package let value: YAMLNode

    package init(key: String, at keyLocation: SourceLocation, value: YAMLNode) {
        self.key = key
        self.keyLocation = keyLocation
        self.value = value
    }
}

/// Builds the tree of a file from the parser's events.
///
/// Aliases are resolved and count as much as their anchors, so that a few lines cannot expand to a billion values.
/// Merge keys and tags are errors: no setting needs them.
struct YAMLTreeBuilder: ~Copyable {
    private let bytes: [UInt8]
    private let limits: YAMLLimits
    private var events: YAMLEvents
    private var anchors: [String: (node: YAMLNode, values: Int)] = [:]
    private var values = 0
    /// Errors that leave a tree to read: duplicate keys, tags, merge keys.
    private(set) var problems: [Diagnostic] = []

    /// Takes the content of a file without a byte order mark.
    init(_ bytes: [UInt8], limits: YAMLLimits) {
        self.bytes = bytes
        self.limits = limits
        events = YAMLEvents(bytes)
    }

    /// Reads the one document of the file; a duplicate key is recorded in `problems` and left out.
    ///
    /// - Throws: a syntax error, with all errors before it.
    mutating func document() throws(Diagnostics) -> YAMLNode {
        do throws(Diagnostic) {
            return try onlyDocument()
        } catch {
            throw Diagnostics(problems + [error])
        }
    }

    private mutating func onlyDocument() throws(Diagnostic) -> YAMLNode {
        _ = try next()
        guard case .documentStart = try next().kind else { return YAMLNode(.null, at: .start) }
        let root = try node(from: next(), depth: 0)
        _ = try next()
        let end = try next()
        guard case .streamEnd = end.kind else {
            throw Diagnostic("a second document starts here: keep one document in a file", at: end.location)
        }
        return root
    }

    private mutating func next() throws(Diagnostic) -> YAMLEvent {
        do throws(YAMLSyntaxError) {
            return try events.next()
        } catch {
            throw error.explained(in: bytes)
        }
    }

    private mutating func node(from event: YAMLEvent, depth: Int) throws(Diagnostic) -> YAMLNode {
        if case .alias(let name) = event.kind { return try anchored(name, at: event.location) }
        let valuesBefore = values
        try count(1, at: event.location)
        if let tag = event.tag {
            problems.append(Diagnostic("the tag \(tag) cannot stand here: remove it", at: event.location))
        }
        let node = YAMLNode(try value(of: event, depth: depth), at: event.location, isPlain: event.isPlain)
        if let anchor = event.anchor {
            anchors[anchor] = (node, values - valuesBefore)
        }
        return node
    }

    private mutating func anchored(_ name: String, at location: SourceLocation) throws(Diagnostic) -> YAMLNode {
        guard let anchor = anchors[name] else {
            throw Diagnostic(
                "there is no anchor &\(name) above: put a value that starts with * in quotes",
                at: location
            )
        }
        try count(anchor.values, at: location)
        return anchor.node
    }

    private mutating func count(_ more: Int, at location: SourceLocation) throws(Diagnostic) {
        values += more
        guard values <= limits.values else {
            throw Diagnostic("the file holds more than \(limits.values) values, aliases resolved", at: location)
        }
    }

    private mutating func value(of event: YAMLEvent, depth: Int) throws(Diagnostic) -> YAMLNode.Value {
        guard depth < limits.depth else {
            throw Diagnostic("the file is nested more than \(limits.depth) levels deep", at: event.location)
        }
        switch event.kind {
        case .scalar(let text, let isPlain): return isPlain && Self.nulls.contains(text) ? .null : .scalar(text)
        case .sequenceStart: return try .sequence(items(depth: depth))
        default: return try .mapping(entries(depth: depth))
        }
    }

    private static let nulls: Set = ["", "~", "null", "Null", "NULL"]

    private mutating func items(depth: Int) throws(Diagnostic) -> [YAMLNode] {
        var items: [YAMLNode] = []
        while true {
            let event = try next()
            if case .sequenceEnd = event.kind { return items }
            items.append(try node(from: event, depth: depth + 1))
        }
    }

    private mutating func entries(depth: Int) throws(Diagnostic) -> [YAMLEntry] {
        var entries: [YAMLEntry] = []
        var locations: [String: SourceLocation] = [:]
        while true {
            let event = try next()
            if case .mappingEnd = event.kind { return entries }
            let key = try key(from: event, depth: depth)
            let value = try node(from: next(), depth: depth + 1)
            guard let key else { continue }
            if let first = locations[key] {
                problems.append(Diagnostic("duplicate key \(key): it already stands at \(first)", at: event.location))
                continue
            }
            locations[key] = event.location
            entries.append(YAMLEntry(key: key, at: event.location, value: value))
        }
    }

    private mutating func key(from event: YAMLEvent, depth: Int) throws(Diagnostic) -> String? {
        let node = try node(from: event, depth: depth + 1)
        switch (node.value, event.kind) {
        case (.scalar("<<"), .scalar(_, isPlain: true)):
            problems.append(Diagnostic("merge keys (<<) are not supported: write the keys out", at: event.location))
            return nil
        case (.scalar(let text), _): return text
        case (.null, .scalar(let text, _)) where !text.isEmpty: return text
        default:
            problems.append(Diagnostic("a key must be text", at: event.location))
            return nil
        }
    }
}

extension YAMLNode {
    /// Reads a file: one document in UTF-8.
    ///
    /// - Parameters:
    ///   - bytes: the file's content; an empty file is `null`.
    ///   - limits: the limits of size, depth and number of values.
    /// - Throws: all errors up to the first syntax error.
    package init(parsing bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) throws(Diagnostics) {
        var problems: [Diagnostic] = []
        try self.init(parsing: bytes, limits: limits, noting: &problems)
        guard problems.isEmpty else { throw Diagnostics(problems) }
    }

    /// Reads a file; `problems` takes the errors that leave a tree to read.
    ///
    /// - Throws: a syntax error, with all errors before it.
    init(parsing bytes: [UInt8], limits: YAMLLimits, noting problems: inout [Diagnostic]) throws(Diagnostics) {
        guard bytes.count <= limits.bytes else {
            throw Diagnostics([Diagnostic("the file is larger than \(limits.bytes) bytes", at: .start)])
        }
        // libyaml would count a byte order mark as the first column.
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        var builder = YAMLTreeBuilder(text, limits: limits)
        self = try builder.document()
        problems += builder.problems
    }
}

/// Limits of a file, far above real configurations and far below what would exhaust memory.
package struct YAMLLimits: Sendable {
    /// The largest file, in bytes.
    package var bytes = 4 << 20
    package var depth = 32
    /// The most values; an alias counts as many as its anchor.
    package var values = 500_000

    /// The limits of a configuration file.
    package init() {}
}
