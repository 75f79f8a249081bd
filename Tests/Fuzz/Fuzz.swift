// SPDX-License-Identifier: Apache-2.0

import Collection
import Configuration
import Exposition
import Foundation
import HTTPClient
import Outreach
import Providers
import RegularExpressions

@testable import WebConfig

/// A parser of bytes from outside: no input may crash it or break the preconditions here.
enum FuzzTarget: String, CaseIterable {
    case configuration, web, password, duration, accept, encoding, names, storage, expression
    /// Any provider, by its name.
    case provider

    func run(_ bytes: [UInt8]) {
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
        case .expression: expression(text)
        case .provider: provider(bytes)
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
        _ = WebConfigReader.read(file)
    }

    private func duration(_ text: String) {
        if let duration = Duration(text: text) { precondition(duration >= .zero) }
    }

    /// No name of a campaign may break a line of the page.
    private func names(_ text: String) {
        let campaign = Campaign(id: text, name: text, leadsByStatus: [text: 1], steps: [Step(key: .init(step: text))])
        let mailbox = Mailbox(address: text, service: text, status: text)
        let account = Account(provider: text, name: text)
        let report = AccountReport(account: account, campaigns: [campaign], mailboxes: [mailbox])
        var writer = ExpositionWriter(.text)
        ReportWriter([report]).write(to: &writer)
        for line in writer.finish().split(separator: UInt8(ascii: "\n")) {
            precondition(line.first == UInt8(ascii: "#") || line.starts(with: "outreach_".utf8))
        }
    }

    /// A snapshot that decodes must be equal after encoding and decoding.
    private func storage(_ bytes: [UInt8]) {
        guard let saved = try? JSONDecoder().decode(AccountSnapshot.self, from: Data(bytes)) else { return }
        guard let written = try? JSONEncoder().encode(saved) else { return }
        precondition((try? JSONDecoder().decode(AccountSnapshot.self, from: written)) == saved)
    }

    /// An expression and, after the first line end, a name: matching ends soon, with the same result each time.
    private func expression(_ text: String) {
        let parts = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let expression = try? RegularExpression(parts[0]), parts.count > 1 else { return }
        let clock = ContinuousClock()
        var results: [Bool?] = []
        // The least of three, because other processes use the machine too.
        let costs = (0..<3).map { _ in clock.measure { results.append(expression.matches(parts[1])) } }
        precondition(Set(results).count == 1)
        precondition(costs.min() ?? .zero < .milliseconds(100), "\(costs)")
    }

    private func provider(_ bytes: [UInt8]) {
        guard let kind = providerKinds.first(where: { $0.name == targetName }) else { return }
        let account = AccountSettings(
            account: Account(provider: kind.name, name: "acme"),
            key: Secret("key"),
            baseURL: "http://stub"
        )
        let context = ProviderContext(
            gate: RequestGate(),
            transport: ConstantTransport(body: bytes),
            now: { Timestamp(seconds: 1_787_313_600) }
        )
        let finished = DispatchSemaphore(value: 0)
        Task {
            let source = kind.source(for: account, in: context)
            let rows = try? await source.listing().content
            _ = try? await source.details(of: rows.map { $0.prefix(2).map(\.campaign.id) } ?? ["c"])
            _ = try? await source.mailboxes()
            _ = try? await source.domainChecks(for: [Mailbox(address: "a@b.example")])
            finished.signal()
        }
        finished.wait()
    }
}

/// Responds to every request with the same body.
private struct ConstantTransport: Transport {
    let body: [UInt8]

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        HTTPResponse(status: 200, headers: [("content-type", "application/json")], body: body)
    }
}

private let targetName = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
private let target =
    providerKinds.contains { $0.name == targetName } ? FuzzTarget.provider : FuzzTarget(rawValue: targetName)

/// Called by libFuzzer, which contains `main`, for every input: `FUZZ_TARGET=accept Fuzz -max_total_time=60 corpus/`.
@_cdecl("LLVMFuzzerTestOneInput")
package func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let target else {
        print("FUZZ_TARGET is one of \(FuzzTarget.allCases.map(\.rawValue).joined(separator: " "))")
        exit(2)
    }
    target.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}
