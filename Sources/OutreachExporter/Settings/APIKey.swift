// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// What a text must be like to be sent as a key.
enum APIKey {
    /// The rule, for messages.
    static let rule = "a key is visible ASCII characters without spaces or line breaks"

    /// The key that a text holds; `nil` where it can be none.
    static func secret(_ text: String) -> Secret? {
        let isVisible = text.utf8.allSatisfy { 0x21...0x7E ~= $0 }
        return isVisible && !text.isEmpty ? Secret(text) : nil
    }
}
