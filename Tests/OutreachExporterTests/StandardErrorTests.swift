// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import OutreachExporter

/// The sink against real pipes.
@Suite(.timeLimit(.minutes(30))) struct StandardErrorTests {
    @Test("Lines from several threads arrive whole")
    func threads() throws {
        let pipe = try OpenPipe()
        let log = Log(level: .debug, to: StandardError(file: pipe.writing))
        // 8 × 40 lines of about 120 bytes fit into the pipe's 64 KiB.
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            for number in 0..<40 {
                log.info("line", ["thread": thread, "number": number, "text": String(repeating: "x", count: 50)])
            }
        }
        let lines = pipe.readAvailable().split(separator: "\n")
        #expect(lines.count == 320)
        #expect(lines.allSatisfy { $0.hasPrefix("ts=") && $0.hasSuffix(String(repeating: "x", count: 50)) })
        #expect(Set(lines.map { $0.split(separator: " ")[3...4] }).count == 320)
    }

    @Test(
        "A reader that does not read holds nothing up, and a reader that comes back learns what is lost",
        arguments: [false, true]
    )
    func fullPipe(isNonBlocking: Bool) throws {
        let pipe = try OpenPipe()
        if isNonBlocking {
            _ = fcntl(pipe.writing, F_SETFL, O_NONBLOCK)
        }
        let log = Log(to: StandardError(file: pipe.writing))
        let text = String(repeating: "x", count: 1000)
        for _ in 0..<1000 {
            log.info(text)
        }
        let first = pipe.readAvailable().split(separator: "\n")
        #expect(first.count > 20 && first.count < 100)
        log.info("back")
        #expect(pipe.readAvailable().contains("count=\(1000 - first.count)\n"))
    }

    @Test("A line longer than a pipe's piece arrives whole")
    func longLine() throws {
        let pipe = try OpenPipe()
        Log(to: StandardError(file: pipe.writing)).info(String(repeating: "y", count: 30_000))
        #expect(pipe.readAvailable().hasSuffix(String(repeating: "y", count: 30_000) + "\n"))
    }

    @Test("A reader that is gone, or a file that is closed, ends nothing")
    func gone() throws {
        let pipe = try OpenPipe()
        pipe.closeReading()
        #expect(!StandardError(file: pipe.writing).write(Array("x\n".utf8), waits: true))
        #expect(!StandardError(file: 1_000_000).write(Array("x\n".utf8), waits: true))
    }
}

/// A pipe that closes with its owner; reading it never waits.
private final class OpenPipe {
    let writing: Int32
    private var reading: Int32

    init() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        (writing, reading) = (ends[1], ends[0])
        _ = fcntl(reading, F_SETFL, O_NONBLOCK)
    }

    deinit {
        closeReading()
        close(writing)
    }

    func closeReading() {
        if reading >= 0 {
            close(reading)
            reading = -1
        }
    }

    func readAvailable() -> String {
        var all: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while case let count = read(reading, &part, part.count), count > 0 {
            all += part[..<count]
        }
        return String(decoding: all, as: UTF8.self)
    }
}
