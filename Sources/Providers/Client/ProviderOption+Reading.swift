// SPDX-License-Identifier: Apache-2.0

extension [String: ProviderOption.Value] {
    /// Whether a flag is set.
    func flag(_ name: String) -> Bool { self[name] == .flag(true) }

    /// A text or choice; `nil` where it is not set or empty.
    func text(_ name: String) -> String? {
        guard case .text(let text) = self[name], !text.isEmpty else { return nil }
        return text
    }

    /// A list; `nil` where it is not set or empty.
    func list(_ name: String) -> [String]? {
        guard case .list(let list) = self[name], !list.isEmpty else { return nil }
        return list
    }
}

extension ProviderOption {
    /// What keeps a text from being sent as a header's value; `nil` where nothing does.
    static func headerValueProblem(_ text: String) -> String? {
        text.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? nil : "must be one word of visible ASCII characters"
    }
}
