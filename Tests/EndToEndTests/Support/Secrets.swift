// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient

/// Keys that nothing may show, handed over in each of the ways there are: inline, by a variable, in a file.
struct Secrets {
    /// The keys, and the passwords that Smartlead's mailboxes come with.
    private static let keys = TestedProvider.all.map(\.key) + ["pw_Smtp5Nh", "pw_Imap5Nh"]

    /// What the environment holds.
    let environment = ["LEMLIST_SECRET": TestedProvider.lemlist.key]
    private let file: String

    /// Puts the key that is read from a file into a directory.
    init(in directory: TemporaryDirectory) throws {
        file = try directory.file("key", TestedProvider.sendkit.key + "\n")
    }

    /// How an account of a provider names its key in the configuration.
    func setting(for provider: String) -> String {
        switch provider {
        case "lemlist": "api_key: '${LEMLIST_SECRET}'"
        case "sendkit": "api_key_file: '\(file)'"
        default: "api_key: '\(TestedProvider.named(provider).key)'"
        }
    }

    /// Each key in clear, and encoded for a header or a URL; log lines are many and their search is slow in a debug build.
    private static let forms = keys.map { key in
        let percent = key.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? key
        let hex = key.utf8.map { String($0, radix: 16) }.joined()
        let encoded = [":\(key)", key].map { Data($0.utf8).base64EncodedString() } + [percent, hex]
        return (key: key, texts: ([key] + encoded).map { Data($0.utf8) })
    }

    /// What a text gives away: keys in clear, or encoded for a header or a URL.
    static func leaks(in text: String) -> [String] { leaks(in: Data(text.utf8)) }

    private static func leaks(in bytes: Data) -> [String] {
        forms.filter { $0.texts.contains { bytes.range(of: $0) != nil } }.map(\.key)
    }

    /// What a running program gives away: in its log, on its pages and on its command line.
    static func leaks(of exporter: ExporterProcess) async throws -> [String] {
        var texts = exporter.program.lines
        for path in ["/metrics", "/", "/-/ready", "/-/healthy", "/nothing"] {
            let answer = try await exporter.get(path)
            texts.append(String(decoding: answer.body, as: UTF8.self))
            texts += answer.headers.map(\.value)
        }
        texts.append(String(decoding: TestFiles.bytes("/proc/\(exporter.program.id)/cmdline"), as: UTF8.self))
        return leaks(in: texts.joined(separator: "\n"))
    }

    /// What the files of a directory give away.
    static func leaks(inFilesOf directory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory).flatMap { name in
            leaks(in: Data(TestFiles.bytes("\(directory)/\(name)")))
        }
    }
}
