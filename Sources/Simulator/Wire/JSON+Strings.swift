// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

extension JSON {
    /// The strings of a JSON array of strings; `nil` for any other text.
    static func strings(_ text: String) -> [String]? {
        try? JSONDecoder().decode([String].self, from: Data(text.utf8))
    }
}
