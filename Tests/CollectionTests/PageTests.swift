// SPDX-License-Identifier: Apache-2.0

import Outreach
import TestSupport
import Testing

@testable import Collection
@testable import Exposition

/// The page of random fleets that change all the time, beside what is written without blocks.
@Suite(.timeLimit(.minutes(30))) struct PageTests {
    /// Nothing of its own, so that a page has no more than its sections.
    private struct Nothing: LiveSection {
        func write(to writer: inout ExpositionWriter) {}
    }

    private let store = ReportStore()
    private let records = AccountRecords()

    private var page: MetricsPage { MetricsPage([store, CollectionSection(records)], live: Nothing()) }

    @Test("After any changes every format and coding has exactly the samples of the reports", arguments: 0..<3)
    func changes(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let page = page
        for _ in 0..<8 {
            for _ in 0..<Int.random(in: 1...6, using: &random) { change(&random) }
            await page.refresh()
            for format in [Format.text004, .openMetrics100] {
                let expected = lines(expected(format.syntax))
                for coding in ContentCoding.allCases {
                    let text = try text(await body(page, format, coding))
                    #expect(lines(text) == expected)
                }
            }
        }
    }

    @Test("A page of some accounts has the full page's samples of these accounts", arguments: 0..<3)
    func selections(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let page = page
        for _ in 0..<8 {
            for _ in 0..<4 { change(&random) }
            if Bool.random(using: &random) { await page.refresh() }
            let names = Set(Self.names.filter { _ in Int.random(in: 0..<3, using: &random) == 0 })
            for format in [Format.text004, .openMetrics100] {
                let full = expected(format.syntax)
                let expected = lines(full).filter { line in
                    line.account.map(names.contains) ?? false
                }
                for coding in ContentCoding.allCases {
                    let text = try text(await page.body(format, coding, of: names))
                    #expect(lines(text).filter { !$0.hasPrefix("#") } == expected)
                    #expect(metadata(text) == metadata(full, of: expected))
                }
            }
        }
    }

    private static let names = (0..<30).map { "account-\($0)" }

    /// Publishes, changes or removes an account.
    private func change(_ random: inout SeededGenerator) {
        let index = Int.random(in: 0..<Self.names.count, using: &random)
        let account = Account(provider: ["instantly", "lemlist", "sendkit"][index % 3], name: Self.names[index])
        guard Int.random(in: 0..<6, using: &random) > 0 else {
            store.remove(account)
            return records.remove(account)
        }
        records.add(account, interval: .seconds(60))
        records.count(account) { $0.collections += 1 }
        if Bool.random(using: &random) {
            records.count(account) { $0.addRequest("/campaigns", "200", seconds: 0.1) }
        }
        if index % 7 == 0 { records.count(unknown: ["status"], of: account.provider) }
        store.publish(report(account, &random))
    }

    /// A report of a size that differs much between accounts, and not between the changes of one.
    private func report(_ account: Account, _ random: inout SeededGenerator) -> AccountReport {
        let size = account.name.hasSuffix("7") ? 45 : account.name.hasSuffix("0") ? 0 : 2
        return AccountReport(
            account: account,
            campaigns: (0..<size).map { id in
                Campaign(
                    id: "c\(id)",
                    name: "Campaign \(id)",
                    measures: measures(.messagesSent, Double(Int.random(in: 0..<3, using: &random))),
                    steps: (0..<Int.random(in: 9...10, using: &random)).map { step in
                        Step(key: .init(step: "\(step)"), measures: measures(.messagesSent, 5))
                    }
                )
            },
            mailboxes: [Mailbox(address: "me@\(account.name).com", status: "active")]
        )
    }

    private func measures<Measure>(_ measure: Measure, _ value: Double) -> Measures<Measure> {
        var measures = Measures<Measure>()
        measures[measure] = value
        return measures
    }

    /// The page as one text, written without blocks.
    private func expected(_ syntax: Syntax) -> String {
        var writer = ExpositionWriter(syntax)
        ReportWriter(store.reports).write(to: &writer)
        let section = CollectionSection(records)
        section.write(section.entries(of: nil).map(\.content), to: &writer)
        writer.end()
        return String(decoding: writer.finish(), as: UTF8.self)
    }

    private func body(_ page: MetricsPage, _ format: Format, _ coding: ContentCoding) async -> PageBody {
        if let body = page.cachedBody(format, coding) { return body }
        return await page.body(format, coding)
    }

    /// The text of a body, without what the page tells about itself.
    private func text(_ body: PageBody) throws -> String {
        let isGzip = body.chunks.first?.starts(with: [0x1f, 0x8b]) == true
        let bytes = isGzip ? try gunzip(body.chunks) : body.chunks.reduce(into: []) { $0 += $1 }
        let lines = lines(String(decoding: bytes, as: UTF8.self))
        return lines.filter { line in
            PageFamilies.all.allSatisfy { !line.contains($0.name) }
        }
        .joined(separator: "\n") + "\n"
    }

    private func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map(String.init)
    }

    private func metadata(_ text: String) -> [String] {
        lines(text).filter { $0.hasPrefix("#") }
    }

    /// The metadata of a page that belongs to some of its samples.
    private func metadata(_ text: String, of samples: [String]) -> [String] {
        let names = Set(samples.map { $0.prefix { $0 != "{" && $0 != " " } })
        return metadata(text).filter { line in
            let words = line.split(separator: " ")
            guard words.count > 2 else { return true }
            return ["", "_total", "_info", "_bucket"].contains { names.contains(words[2] + $0) }
        }
    }
}

extension String {
    /// The label `account` of a sample.
    fileprivate var account: String? {
        guard !hasPrefix("#"), let start = firstRange(of: "account=\"")?.upperBound else { return nil }
        return String(self[start...].prefix { $0 != "\"" })
    }
}
