// SPDX-License-Identifier: Apache-2.0

import Backfill
import Collection
import HTTPClient
import Outreach
import Synchronization
import Testing

@testable import Providers

/// Known edge cases of lemlist's API.
@Suite struct LemlistEdgeCaseTests {
    @Test(
        "A healthy mailbox is connected, under either word; numbers may come as text",
        arguments: [("OK", "connected"), ("CONNECTED", "connected"), ("ERROR", "error")]
    )
    func mailboxStatus(_ word: String, _ status: String) throws {
        let row: LemlistMailbox = try decode(["email": "a@x", "status": .text(word), "lemlist": ["emailLimit": "50"]])
        let mailbox = try #require(LemlistMapping.mailbox(row, nil))
        #expect(mailbox.status == status)
        #expect(mailbox.measures[.dailyLimit] == 50)
    }

    @Test("Numbered pages are followed until the next one is the page itself")
    func numberedPages() async throws {
        let source = Lemlist.stub { request in
            let page = Int(request.query["page"] ?? "1") ?? 1
            return .json([
                "campaigns": [["_id": .text("cam_\(page)")]],
                "pagination": [
                    "totalRecords": 3, "currentPage": .number(Double(page)),
                    "nextPage": .number(Double(min(page + 1, 3))), "totalPage": 3,
                ],
            ])
        }
        #expect(try await source.listing().content.map(\.campaign.id) == ["cam_1", "cam_2", "cam_3"])
    }

    @Test(
        "Numbered pages that stop early are no listing",
        arguments: [
            (["currentPage": 1, "nextPage": 1, "totalPage": 3], "paging stops at page 1 of 3"),
            (["totalRecords": 3, "currentPage": 1, "nextPage": 1, "totalPage": 1], "listing incomplete: 1 of 3 rows"),
        ] as [(JSON, String)]
    )
    func partial(_ pagination: JSON, _ reason: String) async throws {
        let source = Lemlist.stub { _ in
            .json(["campaigns": [["_id": "cam_1"]], "pagination": pagination])
        }
        await #expect(throws: APIError.invalid(status: 200, reason: reason)) { try await source.listing() }
    }

    @Test(
        "A key without a user is a refusal under any of its disguises",
        arguments: [(404, "No user found for this API key"), (400, "No user found for this API key"), (404, "")]
    )
    func disguisedRefusal(_ status: Int, _ text: String) async throws {
        let source = Lemlist.stub { _ in .text(text, status: status) }
        let failure = await #expect(throws: APIError.self) { try await source.listing() }
        guard case .refused(status, let advice) = failure?.kind else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(advice.contains("API key"))
        #expect(advice.contains("base_url") == text.isEmpty)
    }

    @Test(
        "A listing that is missing for other words is a wrong base URL sooner than a refused key",
        arguments: [("Not found", "Not found"), ("<html>no</html>", "no such route")]
    )
    func wrongBaseURL(_ text: String, _ reason: String) async throws {
        let source = Lemlist.stub { _ in .text(text, status: 404) }
        let expected = APIError.rejected(status: 404, reason: reason)
        await #expect(throws: expected) { try await source.listing() }
        #expect(expected.advice.contains("base_url") && expected.advice.contains("key"))
    }

    @Test("A refusal on the stats route never passes for a deleted campaign")
    func refusedStats() async throws {
        let source = Lemlist.stub { _ in .text("No user found for this API key", status: 404) }
        let failure = try await source.details(of: ["cam_1"]).content["cam_1"]?.error
        guard case .refused(404, _) = failure?.kind else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test("Any other 404 on the stats route is a failure of its own")
    func otherMissing() async throws {
        let source = Lemlist.stub { _ in .text("Nothing here", status: 404) }
        let expected = APIError.rejected(status: 404, reason: "Nothing here")
        #expect(try await source.details(of: ["cam_1"]).content == ["cam_1": .failure(expected)])
    }

    @Test("Without a batch route every campaign is asked for alone, and the batch again after an hour")
    func withoutBatch() async throws {
        let calls = Mutex<[String]>([])
        let seconds = Mutex(1_000_000.0)
        let clock: @Sendable () -> Timestamp = { Timestamp(seconds: seconds.withLock { $0 }) }
        let source = Lemlist.stub(now: clock) { request in
            calls.withLock { $0.append(request.path.last ?? "") }
            return request.method == "POST" ? .text("Bad method", status: 405) : .json(["nbLeads": 1])
        }
        for pause in [0.0, 3_599, 1] {
            seconds.withLock { $0 += pause }
            let details = try await source.details(of: ["cam_1", "cam_2"]).content
            #expect(details.values.allSatisfy { (try? $0.get().measures[.leads]) == 1 })
        }
        #expect(
            calls.withLock { $0 } == ["batch", "stats", "stats", "stats", "stats", "batch", "stats", "stats"]
        )
    }

    @Test("A wall clock that is set back does not keep the batch route away")
    func batchAfterClockStep() async throws {
        let calls = Mutex<[String]>([])
        let seconds = Mutex(1_000_000.0)
        let clock: @Sendable () -> Timestamp = { Timestamp(seconds: seconds.withLock { $0 }) }
        let source = Lemlist.stub(now: clock) { request in
            calls.withLock { $0.append(request.path.last ?? "") }
            return request.method == "POST" ? .text("Bad method", status: 405) : .json(["nbLeads": 1])
        }
        _ = try await source.details(of: ["cam_1"])
        seconds.withLock { $0 -= 10_800 }
        _ = try await source.details(of: ["cam_1"])
        #expect(calls.withLock { $0 } == ["batch", "stats", "batch", "stats"])
    }

    @Test(
        "A batch with any unusable response falls back to the stats of single campaigns",
        arguments: [
            (200, "<!DOCTYPE html><html></html>"), (200, ""), (200, "not found"), (200, "\"\""), (401, "x"), (403, "x"),
            (410, "gone"), (422, "x"), (500, "x"), (501, "x"),
        ]
    )
    func unusableBatch(_ status: Int, _ text: String) async throws {
        let source = Lemlist.stub { request in
            request.method == "POST" ? .text(text, status: status) : .json(["nbLeads": 7])
        }
        let details = try await source.details(of: ["cam_1", "cam_2"]).content
        #expect(details.count == 2)
        #expect(details.values.allSatisfy { (try? $0.get().measures[.leads]) == 7 })
    }

    @Test("Window and options go into the query, channels as JSON in text")
    func query() throws {
        let options: [String: OptionValue] = [
            "channels": .list(["email", "linkedin"]), "send_user": .text("usr_1|me@x.com"), "ab_selected": .text("A"),
        ]
        let filter = LemlistFilter(account(options, startDate: "2024-01-01"), through: Day(number: 20_686))
        #expect(
            filter.query == [
                QueryItem("startDate", "2024-01-01T00:00:00.000Z"), QueryItem("endDate", "2026-08-21T23:59:59.999Z"),
                QueryItem("channels", #"["email","linkedin"]"#), QueryItem("sendUser", "usr_1|me@x.com"),
                QueryItem("ABSelected", "A"),
            ]
        )
    }

    @Test("Window and options go into the batch's body, channels as a list")
    func body() async throws {
        let body = Mutex<JSON>(.null)
        let source = Lemlist.stub(for: account(["channels": .list(["email"])])) { request in
            if request.method == "POST" { body.withLock { $0 = request.json } }
            return .json(["results": [["campaignId": "cam_1", "nbLeads": 1]]])
        }
        _ = try await source.details(of: ["cam_1"])
        #expect(
            body.withLock { $0 } == [
                "campaignIds": ["cam_1"], "channels": ["email"], "startDate": "2018-01-01T00:00:00.000Z",
                "endDate": "2026-08-21T23:59:59.999Z",
            ]
        )
    }

    @Test("The wait that every answer names counts on 429 only")
    func retryAfter() async throws {
        for (status, failure) in [
            (429, APIError.throttled(retryAfter: .seconds(2))), (400, .rejected(status: 400, reason: "Bad team")),
        ] {
            let source = Lemlist.stub { _ in
                .text("Bad team", status: status, headers: [("retry-after", "2")])
            }
            await #expect(throws: failure) { try await source.listing() }
        }
    }

    @Test(
        "A task tells the channel, also one that nobody documented",
        arguments: [
            ("email", "email"), ("phone", "phone"), ("linkedinVoiceNote", "linkedin"), ("whatsappMessage", "other"),
            ("manual", "other"),
        ]
    )
    func channels(_ task: String, _ channel: String) throws {
        let stats: LemlistStats = try decode(["steps": [["taskType": .text(task), "conditionLabel": "opened"]]])
        let step = try #require(LemlistMapping.detail("c", stats, steps: true).steps.first)
        #expect(step.channel == channel && step.task == task && step.condition == "opened")
    }

    @Test("Sequence, step and version together tell steps apart")
    func keys() throws {
        let stats: LemlistStats = try decode([
            "steps": [
                ["index": 1, "sequenceId": "s", "sequenceStep": 0, "abTest": "A", "sent": 1],
                ["index": 1, "sequenceId": "s", "sequenceStep": 0, "abTest": "B", "sent": 2],
                ["index": 1, "sequenceId": "t", "sequenceStep": 0, "sent": 4], ["index": 5, "sent": 8], ["sent": 16],
            ]
        ])
        let steps = LemlistMapping.detail("c", stats, steps: true).steps
        #expect(
            steps.map { "\($0.key.sequence) \($0.key.step) \($0.key.variant) \($0.measures[.messagesSent] ?? 0)" } == [
                "main 5 A 8.0", "main unknown A 16.0", "s 1 A 1.0", "s 1 B 2.0", "t 1 A 4.0",
            ]
        )
    }

    @Test("Versions of a step that have lost their names are added up, and taken for no version")
    func lostVersions() throws {
        let stats: LemlistStats = try decode([
            "steps": [
                ["sequenceId": "s", "sequenceStep": 0, "sent": 1], ["sequenceId": "s", "sequenceStep": 0, "sent": 2],
                ["sequenceId": "s", "sequenceStep": 1, "abTest": "B", "sent": 4],
                ["sequenceId": "s", "sequenceStep": 1, "sent": 8],
            ]
        ])
        let steps = LemlistMapping.detail("c", stats, steps: true).steps
        #expect(
            steps.map { "\($0.key.step) \($0.key.variant) \($0.measures[.messagesSent] ?? 0)" } == [
                "1 unknown 3.0", "2 B 4.0", "2 unknown 8.0",
            ]
        )
    }

    @Test(
        "A sender must be named by id and address",
        arguments: ["usr_1", "me@x.com", "usr_1|", "me|usr_1", "usr_1|a@b|c"]
    )
    func sendUser(_ text: String) throws {
        let option = try #require(Lemlist.options.first { $0.name == "send_user" })
        guard case .text(let check) = option.kind else {
            Issue.record("not a text")
            return
        }
        #expect(check(text) != nil)
        #expect(check("usr_1|me@x.com") == nil)
    }

    @Test("An object without pagination is paged like a list", arguments: [99, 100, 150])
    func withoutPagination(_ rows: Int) async throws {
        let source = Lemlist.stub { request in
            let offset = Int(request.query["offset"] ?? "0") ?? 0
            return .json(["campaigns": .list((offset..<min(offset + 100, rows)).map { ["_id": .text("cam_\($0)")] })])
        }
        #expect(try await source.listing().content.count == rows)
    }

    @Test(
        "A batch that is one request too many is no reason for a request per campaign; one that fails otherwise is",
        arguments: [(429, 0), (404, 2), (500, 2)]
    )
    func failedBatch(_ status: Int, _ single: Int) async throws {
        let requests = Mutex(0)
        let source = Lemlist.stub { request in
            if request.path.last == "batch" { return .text("no", status: status) }
            requests.withLock { $0 += 1 }
            return .json(["messagesSent": 1])
        }
        _ = try? await source.details(of: ["cam_1", "cam_2"])
        #expect(requests.withLock(\.self) == single)
    }

    @Test("A mailbox without an address loses only itself, and is told")
    func withoutAddress() async throws {
        let source = Lemlist.stub { request in
            request.path.last == "team"
                ? .json(["userIds": ["usr_1"]])
                : .json(["mailboxes": [["_id": "m1", "email": "a@x.com"], ["_id": "m2"], ["_id": "m3", "email": ""]]])
        }
        let mailboxes = try await source.mailboxes()
        #expect(mailboxes.content.mailboxes.map(\.address) == ["a@x.com"])
        #expect(mailboxes.failures == [.invalid(status: 200, reason: "a mailbox without an address")])
    }
}
