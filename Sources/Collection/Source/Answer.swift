// SPDX-License-Identifier: Apache-2.0

/// What a provider answered, and the fields in which it used a value that this version does not know.
package struct Answer<Content: Sendable>: Sendable {
    /// The answer in the domain's words.
    package let content: Content
    /// A field's name for each unknown value met, as in `campaign_status`.
    package let unknownFields: [String]

    /// Wraps an answer.
    package init(_ content: Content, unknownFields: [String] = []) {
        self.content = content
        self.unknownFields = unknownFields
    }
}
