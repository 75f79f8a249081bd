// SPDX-License-Identifier: Apache-2.0

import Collection
import Foundation
import Outreach
import Synchronization
import Testing

@testable import OutreachExporter

@Suite struct LogTests {
    private static let start = "ts=2026-03-14T09:26:53.589Z level=info msg="

    @Test("A line starts with time, level and message, and goes on in order")
    func order() {
        let lines = logged {
            $0.info("collected", ["account": "acme", "campaigns": 12, "complete": true, "age": Duration.seconds(90)])
        }
        #expect(lines == ["\(Self.start)collected account=acme campaigns=12 complete=true age=1m30s\n"])
        let json = logged(.json) {
            $0.warn("late", ["account": "acme", "ratio": 0.5, "skipped": -1, "complete": false])
        }
        #expect(
            json == [
                #"{"ts":"2026-03-14T09:26:53.589Z","level":"warn","msg":"late","account":"acme","ratio":0.5,"skipped":-1,"complete":false}"#
                    + "\n"
            ]
        )
    }

    @Test(
        "Every duration has the form that the configuration takes, whoever writes the line",
        arguments: [
            (Duration.milliseconds(12_500), "12s500ms"), (.seconds(90), "1m30s"), (.seconds(3600), "1h"),
            (.microseconds(900), "0s"), (.seconds(2 * 86_400 + 60), "2d1m"),
        ]
    )
    func durations(duration: Duration, text: String) {
        #expect(logged { $0.info("x", ["took": duration]) } == ["\(Self.start)x took=\(text)\n"])
        let account = Account(provider: "instantly", name: "acme")
        let events: [CollectionEvent.Kind] = [
            .up(campaigns: 1, took: duration, afterFailure: false),
            .slow(took: duration, interval: duration, skipped: 1),
            .restored(campaigns: 1, age: duration), .throttled(rate: 1, retryAfter: duration),
        ]
        for kind in events {
            let line = logged { $0.write(CollectionEvent(account: account, kind: kind)) }[0]
            let values = line.matches(of: /(?:took|interval|age|retry_after)=(\S+)/).map { String($0.1) }
            #expect(!values.isEmpty && Set(values) == [text])
        }
    }

    @Test(
        "logfmt quotes what a reader could mistake",
        arguments: [
            ("plain", "plain"), ("ünïcödé-日本", "ünïcödé-日本"), ("a/b:c{d}[e]", "a/b:c{d}[e]"), ("", #""""#),
            ("two words", #""two words""#),
            ("a=b", #""a=b""#), ("say \"hi\"", #""say \"hi\"""#), ("back\\slash", #""back\\slash""#),
            ("a\nb\tc\rd", #""a\nb\tc\rd""#),
            ("\u{0}\u{1B}[31m\u{7F}", #""\u0000\u001b[31m\u007f""#),
            ("\u{85}\u{2028}\u{A0}", "\"\\u0085\\u2028\u{A0}\""),
            ("ab\u{202E}cd\u{2066}", #""ab\u202ecd\u2066""#), ("\u{E0041}", #""\udb40\udc41""#), ("😀", "😀"),
            ("e\u{301}", "e\u{301}"),
            (String(decoding: [0xFF, 0x41], as: UTF8.self), "\u{FFFD}A"),
        ]
    )
    func logfmt(value: String, written: String) {
        #expect(logged { $0.info("x", ["v": value]) } == ["\(Self.start)x v=\(written)\n"])
        #expect(logged { $0.info(value) } == ["\(Self.start)\(written)\n"])
    }

    @Test(
        "JSON holds any text, and a reader gets it back",
        arguments: [
            "", "plain", "say \"hi\" \\", "\u{0}\u{1B}\n\u{7F}\u{202E}\u{2028}\u{E0041}", "😀 e\u{301}", "{}[]:,",
        ]
    )
    func json(value: String) throws {
        let line = try #require(logged(.json) { $0.error(value, ["v": value]) }.first)
        let read = try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
        #expect(read["msg"] == value && read["v"] == value && read["level"] == "error")
        #expect(line.hasSuffix("}\n") && line.dropLast().allSatisfy { !$0.isNewline })
    }

    @Test("Numbers that JSON does not know are texts")
    func notFinite() {
        let json = logged(.json) { $0.info("x", ["a": Double.nan, "b": -Double.infinity]) }
        #expect(json.first?.hasSuffix(#""a":"nan","b":"-inf"}"# + "\n") == true)
    }

    @Test("A secret stays one", arguments: LogFormat.allCases)
    func secrets(format: LogFormat) {
        let lines = logged(format) { $0.info("x", ["key": Secret("sesame")]) }
        #expect(lines.first?.contains("<redacted>") == true)
        #expect(lines.first?.contains("sesame") == false)
    }

    @Test(
        "Lines that matter less than asked for are left out",
        arguments: [
            (LogLevel.debug, "debug info warn error"), (.info, "info warn error"), (.warn, "warn error"),
            (.error, "error"),
        ]
    )
    func levels(level: LogLevel, expected: String) {
        let lines = logged(.logfmt, level) { log in
            log.debug("x")
            log.info("x")
            log.warn("x")
            log.error("x")
        }
        #expect(lines.map { $0.split(separator: " ")[1].dropFirst(6) }.joined(separator: " ") == expected)
    }

    @Test("Lines that nobody takes are counted in the first one that somebody takes")
    func dropped() {
        let sink = StubSink()
        let log = Log(to: sink, now: { moment })
        sink.refuses = true
        log.info("one")
        log.info("two")
        log.info("three")
        sink.refuses = false
        log.info("four")
        log.info("five")
        #expect(
            sink.lines.map { $0.dropFirst(28) } == [
                "level=warn msg=\"log lines dropped: nobody read them in time\" count=3\n", "level=info msg=four\n",
                "level=info msg=five\n",
            ]
        )
        #expect(sink.timeout == [true, false, false, false, true, true])
    }

    @Test(
        "Moments are written in UTC with milliseconds",
        arguments: [
            (0.0, "1970-01-01T00:00:00.000Z"), (951_782_400.0, "2000-02-29T00:00:00.000Z"),
            (1_773_480_413.589, "2026-03-14T09:26:53.589Z"),
            (4_102_444_799.999, "2099-12-31T23:59:59.999Z"), (-0.001, "1969-12-31T23:59:59.999Z"),
            (0.0009, "1970-01-01T00:00:00.000Z"),
        ]
    )
    func moments(seconds: Double, text: String) {
        #expect(Timestamp(seconds: seconds).text == text)
    }
}

private let moment = Timestamp(seconds: 1_773_480_413.5895)

/// The lines that a log writes.
private func logged(_ format: LogFormat = .logfmt, _ level: LogLevel = .info, _ body: (Log) -> Void) -> [String] {
    let sink = StubSink()
    body(Log(level: level, format: format, to: sink, now: { moment }))
    return sink.lines
}

private final class StubSink: LogSink {
    private let state = Mutex<(lines: [String], timeout: [Bool], refuses: Bool)>(([], [], false))

    var lines: [String] { state.withLock(\.lines) }
    var timeout: [Bool] { state.withLock(\.timeout) }
    var refuses: Bool {
        get { state.withLock(\.refuses) }
        set { state.withLock { $0.refuses = newValue } }
    }

    func write(_ line: [UInt8], waits: Bool) -> Bool {
        state.withLock { state in
            state.timeout.append(waits)
            if !state.refuses {
                state.lines.append(String(decoding: line, as: UTF8.self))
            }
            return !state.refuses
        }
    }
}
