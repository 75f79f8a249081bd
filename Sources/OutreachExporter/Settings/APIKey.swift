// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import Outreach

/// Why a text is not an API key.
///
/// The description continues "the key", says what to do, and contains nothing of the text.
enum APIKeyError: Error, Hashable, CustomStringConvertible {
    case empty
    /// Quotes at its ends, which a shell, an `.env` file or a second pair of quotes in YAML has left.
    case quoted
    /// It begins with the scheme of an `Authorization` header.
    case scheme(String)
    /// `$NAME` or `${NAME}`.
    case unexpanded
    case whiteSpace
    case notASCII
    /// The provider's own reason.
    case unusable(String)

    var description: String {
        switch self {
        case .empty: "is empty"
        case .quoted: "is in quotes, which are part of its value here: remove them"
        case .scheme(let scheme): "begins with \(scheme): write the key alone, the exporter adds what is needed"
        case .unexpanded:
            "is a variable that was not replaced: write ${NAME} in the configuration file, and only the key itself in "
                + "variables and key files"
        case .whiteSpace: "contains white space or a control character: copy it again, alone and on one line"
        case .notASCII: "contains a character that no key has: copy it again, keys are visible ASCII characters"
        case .unusable(let reason): reason
        }
    }
}

extension Secret {
    private static let schemes = ["Bearer", "Basic"]
    private static let quotes: [Character] = ["\"", "'"]

    /// A text as an API key, which becomes part of a header.
    init(key text: String) throws(APIKeyError) {
        guard let first = text.first, let last = text.last else { throw .empty }
        if Self.quotes.contains(first) || Self.quotes.contains(last) { throw .quoted }
        let scheme = Self.schemes.first { text.lowercased().hasPrefix("\($0.lowercased()) ") }
        if let scheme { throw .scheme(scheme) }
        if text.wholeMatch(of: /\$(?:\{.*\}|[A-Za-z_][A-Za-z0-9_]*)/) != nil { throw .unexpanded }
        let breaks = text.unicodeScalars.contains {
            $0.properties.isWhitespace || $0.properties.generalCategory == .control
        }
        if breaks { throw .whiteSpace }
        guard text.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else { throw .notASCII }
        self.init(text)
    }
}

extension SettingsReader {
    /// A key, and the file that holds it; no file where it comes from the environment.
    typealias FoundKey = (secret: Secret, file: String?, isInOwnFile: Bool)

    /// Reads the key of an account, from the configuration or from the file that it names.
    func key(from fields: ConfigMapping<SettingsKeys.Account>) -> FoundKey? {
        let owner = fields[.name].map { "the key of the account \($0.quoted)" } ?? "the key of this account"
        switch (fields[.key], fields[.keyFile]) {
        case (nil, nil): fields.diagnose("api_key is missing: set api_key or api_key_file")
        case (let key?, nil): return self.key(key, owner)
        case (nil, let file?): return self.key(inFile: file, owner)
        case (_?, let file?): file.diagnose("api_key is set as well: keep one of them")
        }
        return nil
    }

    private func key(_ field: ConfigValue, _ owner: String) -> FoundKey? {
        guard let text = field.text() else { return nil }
        do throws(APIKeyError) {
            return (try Secret(key: text.lineOfKey), field.shows(text) ? file : nil, false)
        } catch {
            field.diagnose("\(owner) \(error)")
            return nil
        }
    }

    private func key(inFile field: ConfigValue, _ owner: String) -> FoundKey? {
        guard let path = field.text()?.inFolder(of: file) else { return nil }
        do {
            return (try KeyFile.key(in: path), path, true)
        } catch let error as FileError {
            field.diagnose(error, of: path)
        } catch {
            field.diagnose("\(owner) in \(field.shows(path) ? path : "the file") \(error)")
        }
        return nil
    }
}

extension String {
    /// The text without what editors and shells add to a line: a byte order mark in front, line breaks at the end.
    var lineOfKey: String {
        let text = hasPrefix("\u{FEFF}") ? unicodeScalars.dropFirst() : unicodeScalars[...]
        let end = text.lastIndex { !["\n", "\r"].contains($0) }
        return String(text[..<(end.map(text.index(after:)) ?? text.startIndex)])
    }
}
