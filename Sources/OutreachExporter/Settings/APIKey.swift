// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import Outreach

/// Which texts can be sent as an API key.
enum APIKey {
    /// The rule, for error messages.
    static let rule = "a key is visible ASCII characters without spaces or line breaks"

    /// The text as a key; `nil` where it breaks the rule.
    static func secret(_ text: String) -> Secret? {
        let isVisible = text.utf8.allSatisfy { 0x21...0x7E ~= $0 }
        return isVisible && !text.isEmpty ? Secret(text) : nil
    }
}

extension SettingsReader {
    private static let largestKeyFile = 65_536

    /// Reads the key of an account, from the configuration or from the file that it names.
    ///
    /// - Returns: the key, and the file that holds it; no file where it comes from the environment.
    func key(from fields: ConfigMapping<SettingsKeys.Account>) -> (secret: Secret, file: String?)? {
        switch (fields[.key], fields[.keyFile]) {
        case (nil, nil): fields.diagnose("api_key is missing: set api_key or api_key_file")
        case (let key?, nil): return self.key(key)
        case (nil, let file?): return self.key(inFile: file)
        case (_?, let file?): file.diagnose("api_key is set as well: keep one of them")
        }
        return nil
    }

    private func key(_ field: ConfigValue) -> (secret: Secret, file: String?)? {
        guard let text = field.text() else { return nil }
        guard let key = APIKey.secret(text) else {
            field.diagnose(text.isEmpty ? "the key is empty" : "this is no key: \(APIKey.rule)")
            return nil
        }
        return (key, field.shows(text) ? file : nil)
    }

    private func key(inFile field: ConfigValue) -> (secret: Secret, file: String?)? {
        guard let path = field.text().map(resolved) else { return nil }
        do throws(FileError) {
            let content = try FileContent.read(path, upTo: Self.largestKeyFile)
            let text = String(decoding: content, as: UTF8.self)
            let line = text.last?.isNewline == true ? String(text.dropLast()) : text
            guard let key = APIKey.secret(line) else {
                throw FileError(path: path, reason: line.isEmpty ? "the file is empty" : APIKey.rule)
            }
            return (key, path)
        } catch {
            field.diagnose(field.shows(path) ? "\(error)" : "cannot read the file: \(error.reason)")
            return nil
        }
    }
}
