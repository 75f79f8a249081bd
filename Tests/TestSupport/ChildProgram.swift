// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Synchronization

/// A program started by `posix_spawn`, with its output in a pipe.
///
/// Foundation's `Process` crashes now and then where many are started at once: its callbacks race their release.
package final class ChildProgram: Sendable {
    /// Why a program could not be started; a number of `errno`.
    package struct SpawnError: Error {
        let code: Int32
    }

    /// The process id.
    package let id: Int32
    private let output: Int32
    private let end = Mutex<Int32?>(nil)
    /// One start at a time: a program started meanwhile would keep the pipe open that another one's reader waits for.
    private static let starts = Mutex(())

    /// Starts a program with no signal blocked and no descriptor of this process.
    ///
    /// - Parameters:
    ///   - path: the path of the program.
    ///   - arguments: its arguments without its own name.
    ///   - environment: the environment; that of this process if it is `nil`.
    ///   - input: its standard input, at most what a pipe holds (64 KiB).
    ///   - withErrors: whether the output has what it writes to standard error, which is discarded otherwise.
    /// - Throws: `SpawnError`.
    package init(
        _ path: String,
        _ arguments: [String],
        environment: [String: String]? = nil,
        input: String = "",
        withErrors: Bool = true
    ) throws(SpawnError) {
        (id, output) = try Self.starts.withLock { _ throws(SpawnError) in
            try Self.start(path, arguments, environment: environment, input: input, withErrors: withErrors)
        }
    }

    private static func start(
        _ path: String,
        _ arguments: [String],
        environment: [String: String]?,
        input: String,
        withErrors: Bool
    ) throws(SpawnError) -> (id: Int32, output: Int32) {
        let source = try pipe()
        let sink = try pipe()
        defer { for descriptor in [source.reader, sink.writer] { close(descriptor) } }
        _ = Array(input.utf8).withUnsafeBytes { write(source.writer, $0.baseAddress, $0.count) }
        close(source.writer)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, source.reader, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, sink.writer, STDOUT_FILENO)
        if withErrors {
            posix_spawn_file_actions_adddup2(&actions, sink.writer, STDERR_FILENO)
        } else {
            posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        }
        for descriptor in descriptors where descriptor > STDERR_FILENO {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var mask = sigset_t()
        sigemptyset(&mask)
        posix_spawnattr_setsigmask(&attributes, &mask)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var id: pid_t = 0
        let code = CStrings([path] + arguments).withPointers { arguments in
            guard let environment else { return posix_spawn(&id, path, &actions, &attributes, arguments, environ) }
            return CStrings(environment.map { "\($0)=\($1)" }).withPointers {
                posix_spawn(&id, path, &actions, &attributes, arguments, $0)
            }
        }
        guard code == 0 else {
            close(sink.reader)
            throw SpawnError(code: code)
        }
        return (id, sink.reader)
    }

    deinit { close(output) }

    /// The open descriptors of this process.
    private static var descriptors: [Int32] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        return names?.compactMap { Int32($0) } ?? []
    }

    private static func pipe() throws(SpawnError) -> (reader: Int32, writer: Int32) {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else { throw SpawnError(code: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// Waits for the next bytes of its output; empty at the end.
    package func read() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = Glibc.read(output, &bytes, bytes.count)
        return Array(bytes.prefix(max(0, count)))
    }

    /// Sends a signal unless it has ended.
    package func signal(_ number: Int32) {
        end.withLock { if $0 == nil { kill(id, number) } }
    }

    /// The exit status, or the number of the signal that ended it; `nil` before `wait` has returned.
    package var status: Int32? { end.withLock { $0 } }

    /// Waits for its end, on a thread that may block; call it once.
    ///
    /// - Returns: the exit status, or the number of the signal that ended it.
    package func wait() -> Int32 {
        var info = siginfo_t()
        // Reaped under the lock: before that its number cannot belong to another process.
        while waitid(P_PID, id_t(id), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        return end.withLock { end in
            var status: Int32 = 0
            waitpid(id, &status, 0)
            let result = status & 0x7F == 0 ? status >> 8 & 0xFF : status & 0x7F
            end = result
            return result
        }
    }

    /// Runs a program to its end, on a thread that may block; the parameters are those of `init`.
    package static func run(
        _ path: String,
        _ arguments: [String],
        input: String = "",
        withErrors: Bool = true
    ) throws(SpawnError) -> (status: Int32, output: [UInt8]) {
        let program = try ChildProgram(path, arguments, input: input, withErrors: withErrors)
        var output: [UInt8] = []
        while case let bytes = program.read(), !bytes.isEmpty { output += bytes }
        return (program.wait(), output)
    }
}

/// Texts as C has them: an array of pointers with a null pointer at its end.
private struct CStrings: ~Copyable {
    private var pointers: [UnsafeMutablePointer<CChar>?]

    init(_ texts: [String]) {
        pointers = texts.map { strdup($0) } + [nil]
    }

    deinit { for pointer in pointers { free(pointer) } }

    borrowing func withPointers<Result>(_ body: ([UnsafeMutablePointer<CChar>?]) -> Result) -> Result {
        body(pointers)
    }
}
