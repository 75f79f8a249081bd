// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import Outreach

extension SettingsReader {
    private static let largestKeyFile = 65_536

    /// A key, and the file in which it stands; no file where it comes from the environment.
    typealias PlacedKey = (secret: Secret, file: String?)

    /// Reads the key of an account, from the configuration or from the file that it names.
    func key(from fields: Fields<SettingsKeys.Account>) -> PlacedKey? {
        switch (fields[.key], fields[.keyFile]) {
        case (nil, nil): fields.complain("api_key is missing: set api_key or api_key_file")
        case (let key?, nil): return self.key(key)
        case (nil, let file?): return self.key(inFile: file)
        case (_?, let file?): file.complain("api_key is set as well: keep one of them")
        }
        return nil
    }

    private func key(_ field: Field) -> PlacedKey? {
        guard let text = field.text() else { return nil }
        guard let key = APIKey.secret(text) else {
            field.complain(text.isEmpty ? "the key is empty" : "this is no key: \(APIKey.rule)")
            return nil
        }
        return (key, field.shows(text) ? file : nil)
    }

    private func key(inFile field: Field) -> PlacedKey? {
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
            field.complain(field.shows(path) ? "\(error)" : "cannot read the file: \(error.reason)")
            return nil
        }
    }
}
