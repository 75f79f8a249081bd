// SPDX-License-Identifier: Apache-2.0

import Exposition
import HTTPClient
import HTTPServer
import Outreach
import TestSupport
import Testing
import WebConfig

@testable import Collection
@testable import OutreachExporter

/// Many scrapers at once of a page that changes all the time.
@Suite(.timeLimit(.minutes(30))) struct ConcurrentScrapeTests {
    private struct Nothing: LiveSection {
        func write(to writer: inout ExpositionWriter) {}
    }

    /// What the scrapers have found.
    private struct Findings {
        /// Accounts with the generations of their report that one page had, where that is not one.
        var mixed: [String: Set<Substring>] = [:]
        /// How many different generations of accounts were on the pages.
        var generations: Set<String> = []
        /// Responses other than 200, and connections that failed.
        var failures: [String] = []

        mutating func formUnion(_ other: Findings) {
            mixed.merge(other.mixed) { $0.union($1) }
            generations.formUnion(other.generations)
            failures += other.failures
        }
    }

    private static let accounts = (0..<24).map {
        Account(provider: ["instantly", "lemlist"][$0 % 2], name: "a\($0)")
    }
    /// The accounts of a page, its formats and its codings, of which every scraper has others.
    private static let queries = ["", "?account=a3&account=a4", "?account=a0", "?provider=lemlist", "?account=a7"]
    private static let variants = ["gzip", "identity"].flatMap { coding in
        ["text/plain", "application/openmetrics-text"].map { [("Accept", $0), ("Accept-Encoding", coding)] }
    }
    private static let scrapes = 5

    private let context = CollectionContext(clock: SystemClock())

    /// A report of which every sample that tells anything tells its generation; two accounts are large enough for a run of
    /// their own, and the page for blocks by family.
    private func publish(_ index: Int, generation: Int) {
        var (campaign, step) = (Measures<CampaignMeasure>(), Measures<StepMeasure>())
        campaign[.messagesSent] = Double(generation)
        step[.messagesSent] = Double(generation)
        let steps = (0..<(index % 16 == 0 ? 300 : 13)).map { Step(key: .init(step: "\($0)"), measures: step) }
        context.store.publish(
            AccountReport(
                account: Self.accounts[index],
                campaigns: [Campaign(id: "c", name: "\(generation)", measures: campaign, steps: steps)]
            )
        )
    }

    private func endpoints(_ page: MetricsPage) -> Endpoints {
        Endpoints(
            prefix: "",
            telemetryPath: "/metrics",
            page: page,
            isSecure: false,
            manager: CollectionManager(in: context),
            accounts: { Self.accounts.map { AccountStatus(account: $0, interval: .seconds(300)) } },
            status: { _ in
                StatusPage(now: .now, startedAt: .now, series: nil, metricsPath: "", isDemo: false, accounts: [])
            },
            reload: { nil },
            counts: RequestCounts(),
            crossOrigin: CrossOriginProtection()
        )
    }

    @Test("Of 64 scrapers while accounts change none fails, and no page has two reports of one account")
    func scrapers() async throws {
        let count = affordableConnections(64)
        try await withFiles {
            let page = MetricsPage([context.store, CollectionSection(context.records)], live: Nothing())
            let endpoints = endpoints(page)
            for index in Self.accounts.indices { publish(index, generation: 0) }
            let server = try Server(.init(addresses: [.network(host: "127.0.0.1", port: 0)])) { request in
                endpoints.answer(to: request, for: .all)
            }
            let transport = try CurlTransport(CurlSettings(userAgent: "scraper", maxConnections: count))
            let findings = try await withThrowingTaskGroup { group in
                group.addTask { try await server.run() }
                group.addTask { await page.run(every: .milliseconds(1)) }
                let url = "http://\(server.addresses[0])/metrics"
                let findings = await scrape(url, scrapers: count, over: transport)
                group.cancelAll()
                try await group.waitForAll()
                return findings
            }
            await transport.shutdown()
            #expect(findings.failures == [])
            #expect(findings.mixed == [:])
            #expect(findings.generations.count > Self.accounts.count)
        }
    }

    /// Has each scraper scrape several times, with a change of an account after every scrape.
    private func scrape(_ url: String, scrapers: Int, over transport: CurlTransport) async -> Findings {
        await withTaskGroup(of: Findings.self) { group in
            for scraper in 0..<scrapers {
                group.addTask {
                    var findings = Findings()
                    for number in 0..<Self.scrapes {
                        let turn = scraper * Self.scrapes + number
                        let query = Self.queries[turn % Self.queries.count]
                        let variant = Self.variants[turn / Self.queries.count % Self.variants.count]
                        await scrape(HTTPRequest(url: url + query, headers: variant), over: transport, &findings)
                        publish(turn * 7 % Self.accounts.count, generation: turn + 1)
                    }
                    return findings
                }
            }
            return await group.reduce(into: Findings()) { $0.formUnion($1) }
        }
    }

    private func scrape(_ request: HTTPRequest, over transport: CurlTransport, _ findings: inout Findings) async {
        do throws(TransportError) {
            let response = try await transport.send(request)
            guard response.status == 200 else { return findings.failures.append("\(response.status)") }
            let reports = Self.generations(String(decoding: response.body, as: UTF8.self))
            if reports.isEmpty { findings.failures.append("empty") }
            for (account, generations) in reports {
                if generations.count > 1 { findings.mixed[String(account), default: []].formUnion(generations) }
                findings.generations.formUnion(generations.map { "\(account) \($0)" })
            }
        } catch {
            findings.failures.append("\(error)")
        }
    }

    /// The families whose values are the generation.
    private static let tellers = ["campaign", "step"].map { "outreach_\($0)_messages_sent_total{" }

    /// The generations that a page tells of each account: values, and the name of the campaign.
    private static func generations(_ page: String) -> [Substring: Set<Substring>] {
        var generations: [Substring: Set<Substring>] = [:]
        for line in page.split(separator: "\n") {
            if line.hasPrefix("outreach_campaign_info{") {
                let words = line.split(separator: "\"", maxSplits: 8)
                generations[words[3], default: []].insert(words[7])
            } else if tellers.contains(where: line.hasPrefix), let space = line.lastIndex(of: " ") {
                let words = line.split(separator: "\"", maxSplits: 4)
                generations[words[3], default: []].insert(line[line.index(after: space)...])
            }
        }
        return generations
    }
}
