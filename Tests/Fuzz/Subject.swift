// SPDX-License-Identifier: Apache-2.0

import Collection
import Configuration
import Exposition
import Foundation
import HTTPClient
import Outreach
import Providers

@testable import WebConfig

/// Whatever takes bytes from outside: no bytes may crash it, and what can be said of its answer holds.
enum Subject: String, CaseIterable {
    case configuration, web, password, duration, accept, encoding, names, storage, instantly, lemlist, sendkit

    func take(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        switch self {
        case .configuration: configuration(bytes)
        case .web: web(bytes)
        case .password: _ = Credentials(text)
        case .duration: duration(text)
        case .accept: _ = ContentType(accepting: text)
        case .encoding: _ = ContentCoding(accepting: text)
        case .names: names(text)
        case .storage: storage(bytes)
        case .instantly, .lemlist, .sendkit: provider(bytes)
        }
    }

    private func configuration(_ bytes: [UInt8]) {
        guard let node = try? YAMLNode(parsing: bytes) else { return }
        let reader = ConfigDecoder(environment: ["KEY": "value"])
        let root = reader.root(node)
        for field in root.list() ?? root.entries() ?? [root] {
            _ = (field.text(), field.flag(), field.positiveNumber(upTo: 1_000))
            _ = (field.integer(in: 0...5), field.duration(in: .zero...(.seconds(9))), field.word(among: ["a", "b"]))
        }
        try? reader.finish()
    }

    private func web(_ bytes: [UInt8]) {
        let file = "\(NSTemporaryDirectory())/fuzz-\(getpid()).yml"
        guard (try? Data(bytes).write(to: URL(fileURLWithPath: file))) != nil else { return }
        _ = WebReading(of: file).result
    }

    private func duration(_ text: String) {
        if let duration = Duration(text: text) { precondition(duration >= .zero) }
    }

    /// Whatever people call their campaigns, a sample stays a line.
    private func names(_ text: String) {
        let campaign = Campaign(id: text, name: text, leadsByStatus: [text: 1], steps: [Step(key: .init(step: text))])
        let mailbox = Mailbox(address: text, service: text, status: text)
        let account = Account(provider: text, name: text)
        let report = AccountReport(account: account, campaigns: [campaign], mailboxes: [mailbox])
        var writer = ExpositionWriter(.text)
        ReportWriter([report]).write(to: &writer)
        guard case .plain(let chunks) = writer.finish().content else { return }
        for line in chunks.joined().split(separator: UInt8(ascii: "\n")) {
            precondition(line.first == UInt8(ascii: "#") || line.starts(with: "outreach_".utf8))
        }
    }

    /// What can be read can be written, and is the same when it is read again.
    private func storage(_ bytes: [UInt8]) {
        guard let saved = try? JSONDecoder().decode(AccountSnapshot.self, from: Data(bytes)) else { return }
        guard let written = try? JSONEncoder().encode(saved) else { return }
        precondition((try? JSONDecoder().decode(AccountSnapshot.self, from: written)) == saved)
    }

    private func provider(_ bytes: [UInt8]) {
        guard let kind = providerKinds.first(where: { $0.name == rawValue }) else { return }
        let account = AccountSettings(
            account: Account(provider: rawValue, name: "acme"),
            key: Secret("key"),
            baseURL: "http://stub"
        )
        let ended = DispatchSemaphore(value: 0)
        Task {
            let transport = OneAnswer(body: bytes)
            let source = kind.source(for: account, gate: RequestGate(), transport: transport)
            let rows = try? await source.listing().content
            _ = try? await source.details(of: rows.map { $0.prefix(2).map(\.campaign.id) } ?? ["c"])
            _ = try? await source.mailboxes()
            _ = try? await source.domainChecks(for: [Mailbox(address: "a@b.example")])
            ended.signal()
        }
        ended.wait()
    }
}

/// Gives every request the same answer.
private struct OneAnswer: Transport {
    let body: [UInt8]

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        HTTPResponse(status: 200, headers: [("content-type", "application/json")], body: body)
    }
}
