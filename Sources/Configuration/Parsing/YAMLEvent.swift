// SPDX-License-Identifier: Apache-2.0

/// A step of a YAML file as the parser walks through it.
struct YAMLEvent {
    /// What is met.
    enum Kind {
        case streamStart, streamEnd
        case documentStart, documentEnd
        case scalar(String, isPlain: Bool)
        case sequenceStart, sequenceEnd
        case mappingStart, mappingEnd
        case alias(String)
    }

    /// What is met.
    let kind: Kind
    /// Where it starts.
    let place: Place
    /// The anchor in front of it, without the `&`.
    var anchor: String?
    /// The tag in front of it.
    var tag: String?
}
