// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import TestSupport

/// A program under test, started for real: its standard error line by line, its end as a status.
final class ChildProcess: Sendable {
    private let program: ChildProgram
    private let ended: AsyncStream<Void>
    private let output = Mutex(Output())

    private struct Output {
        var lines: [String] = []
        var rest: [UInt8] = []
        var waiting: [(predicate: @Sendable (String) -> Bool, continuation: CheckedContinuation<String?, Never>)] = []
        var isClosed = false
    }

    /// Starts a program with the given environment in addition to a minimal one.
    init(_ path: String, _ arguments: [String], environment: [String: String] = [:]) throws {
        raiseFileLimit()
        let environment = ["PATH": "/usr/local/bin:/usr/bin:/bin"].merging(environment) { _, new in new }
        let program = try ChildProgram(path, arguments, environment: environment)
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        ended = stream
        self.program = program
        Thread.detachNewThread { [output = WeakBox(self)] in
            while case let bytes = program.read() {
                output.value?.take(bytes)
                if bytes.isEmpty { return }
            }
        }
        Thread.detachNewThread {
            _ = program.wait()
            continuation.finish()
        }
    }

    deinit { program.signal(SIGKILL) }

    /// The process id.
    var id: Int32 { program.id }

    /// What it has used of the processors so far.
    var processorTime: Duration {
        get throws {
            let text = try String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)
            // Behind the name, which may hold spaces, user and system time are the 12th and 13th field: proc(5).
            let fields = text.split(separator: ") ").last?.split(separator: " ") ?? []
            let ticks = fields[11...12].reduce(0) { $0 + (Double($1) ?? 0) }
            return .seconds(ticks / Double(sysconf(Int32(_SC_CLK_TCK))))
        }
    }

    /// Every line so far.
    var lines: [String] { output.withLock { $0.lines } }

    /// Waits for a line, also among those that came already; `nil` if the program ends without it.
    func line(where predicate: @escaping @Sendable (String) -> Bool) async -> String? {
        await withCheckedContinuation { continuation in
            let found: String?? = output.withLock { output in
                if let line = output.lines.first(where: predicate) { return line }
                if output.isClosed { return .some(nil) }
                output.waiting.append((predicate, continuation))
                return nil
            }
            if let found { continuation.resume(returning: found) }
        }
    }

    /// Sends a signal.
    func signal(_ number: Int32) {
        program.signal(number)
    }

    /// Waits for the end, the last line included, and returns the exit status.
    func end() async -> Int32 {
        _ = await line { _ in false }
        for await _ in ended {}
        return program.status ?? -1
    }

    private func take(_ bytes: [UInt8]) {
        let resumptions = output.withLock { output in
            output.rest += bytes
            var resumptions: [(CheckedContinuation<String?, Never>, String?)] = []
            while let newline = output.rest.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: output.rest[..<newline], as: UTF8.self)
                output.rest.removeSubrange(...newline)
                output.lines.append(line)
                for waiter in output.waiting where waiter.predicate(line) {
                    resumptions.append((waiter.continuation, line))
                }
                output.waiting.removeAll { $0.predicate(line) }
            }
            if bytes.isEmpty {
                output.isClosed = true
                resumptions += output.waiting.map { ($0.continuation, nil) }
                output.waiting = []
            }
            return resumptions
        }
        for (continuation, line) in resumptions { continuation.resume(returning: line) }
    }
}

/// Lets the reader of the pipe outlive the program without keeping it.
private final class WeakBox: Sendable {
    private let box: Mutex<Weak>

    private struct Weak {
        weak var program: ChildProcess?
    }

    init(_ program: ChildProcess) {
        box = Mutex(Weak(program: program))
    }

    var value: ChildProcess? { box.withLock { $0.program } }
}

/// What was installed for the tests.
enum TestTools {
    /// Debian's Python, which finds Debian's packages.
    static let python = "/usr/bin/python3"
    /// The environment in which the toolchain is found that runs the tests.
    static let path = ProcessInfo.processInfo.environment.filter { $0.key == "PATH" }
    /// The environment in which Python finds newer packages before Debian's, where `.ci/run` has put some.
    static let environment = ["PYTHONPATH": FileManager.default.currentDirectoryPath + "/.build/python"]
}
