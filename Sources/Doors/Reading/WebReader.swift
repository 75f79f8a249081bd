// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import HTTPServer

/// Reads web settings out of a file's tree and out of the files that it names.
///
/// Whatever is wrong is noted in `reader`; what is returned then must not be used.
struct WebReader {
    /// Where problems are noted.
    let reader: Reader
    /// The web configuration file, from whose folder relative paths start.
    let file: String
    /// The files that were read, as they were just before.
    private(set) var stamps: [String: FileStamp] = [:]
    /// The file that holds the private key.
    var keyFile: String?

    init(reader: Reader, file: String) {
        self.reader = reader
        self.file = file
    }

    /// Reads everything.
    mutating func settings(from root: Field) -> WebSettings {
        let fields = root.fields(of: WebKeys.Root.self)
        let http = fields?[.http]?.fields(of: WebKeys.HTTP.self)
        _ = http?[.http2]?.flag()
        var settings = WebSettings()
        settings.tls = fields?[.tls].flatMap { tls($0) }
        settings.keyFile = keyFile
        settings.headers = (http?[.headers]?.entries() ?? []).compactMap(header)
        settings.users = users(fields?[.users]?.entries() ?? [])
        settings.rateLimit = fields?[.rateLimit].flatMap(rateLimit)
        return settings
    }

    /// The content that stands under one key, or in the file that another one names.
    mutating func content(_ inline: Field?, orFile file: Field?) -> [UInt8]? {
        if inline != nil, let file {
            file.complain("\(inline?.name ?? "") is set as well: keep one of them")
            return nil
        }
        if let text = inline?.text() { return Array(text.utf8) }
        guard let file, let resolved = file.text().map(resolved) else { return nil }
        stamps[resolved] = FileStamp(of: resolved)
        do throws(FileError) {
            return try FileContent.read(resolved, upTo: 1 << 20)
        } catch {
            file.complain("\(error)")
            return nil
        }
    }

    /// A path from the file as seen from the working directory.
    func resolved(_ path: String) -> String {
        let folder = file.lastIndex(of: "/").map { file[...$0] } ?? ""
        return path.hasPrefix("/") ? path : folder + path
    }

    private func users(_ fields: [Field]) -> [String: PasswordHash] {
        var users: [String: PasswordHash] = [:]
        for field in fields {
            guard let text = field.text() else { continue }
            users[field.name] = PasswordHash(text)
            if users[field.name] == nil {
                field.complain("this is no bcrypt hash: make one with `htpasswd -nBC 10 \"\"`, without its colon")
            }
        }
        return users
    }

    private func header(_ field: Field) -> (name: String, value: String)? {
        guard let allowed = Self.headers[field.name] else {
            field.complainUnknown(among: Self.headers.keys.sorted())
            return nil
        }
        guard let value = allowed.isEmpty ? field.value("visible text", Self.visible) : field.word(among: allowed)
        else { return nil }
        return (field.name, value)
    }

    /// The header fields that can be set, with their values where there is a choice of some.
    private static let headers = [
        "Strict-Transport-Security": [], "X-Content-Type-Options": ["nosniff"],
        "X-Frame-Options": ["deny", "sameorigin"], "X-XSS-Protection": [], "Content-Security-Policy": [],
    ]

    private static func visible(_ text: String) -> String? {
        text.utf8.allSatisfy { 0x20...0x7E ~= $0 } ? text : nil
    }

    private func rateLimit(_ field: Field) -> RateLimit? {
        let fields = field.fields(of: WebKeys.RateLimit.self)
        let interval = fields?[.interval]?.duration(in: .zero ... .seconds(86_400)) ?? .zero
        let burst = fields?[.burst]?.integer(in: 0...1_000_000) ?? 0
        guard interval > .zero else { return nil }
        if burst == 0 { fields?.complain("burst is missing: without one no request would be answered") }
        return RateLimit(interval: interval, burst: burst)
    }
}
