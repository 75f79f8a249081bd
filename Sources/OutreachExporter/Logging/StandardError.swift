// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The process's standard error, or another open file, as a log's sink.
///
/// The process ignores `SIGPIPE` from here on: a closed pipe is an error of the write. A slow reader gets a short time;
/// the file's flags stay as they are, because a terminal shares them with the shell.
struct StandardError: LogSink {
    private let file: Int32
    /// How long a write waits for the reader, in milliseconds.
    private static let timeout: Int32 = 50
    /// The bytes that a pipe accepts without blocking after poll(2) reports it writable.
    private static let piece = Int(PIPE_BUF)

    init(file: Int32 = STDERR_FILENO) {
        self.file = file
        signal(SIGPIPE, SIG_IGN)
    }

    func write(_ line: [UInt8], waits: Bool) -> Bool {
        var rest = line[...]
        while !rest.isEmpty {
            // Once a line has begun, its end is worth waiting for.
            let isWaiting = waits || rest.count < line.count
            guard isWritable(within: isWaiting ? Self.timeout : 0), let written = write(rest.prefix(Self.piece)) else {
                return false
            }
            rest = rest.dropFirst(written)
        }
        return true
    }

    private func isWritable(within milliseconds: Int32) -> Bool {
        var status = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
        return poll(&status, 1, milliseconds) == 1 && status.revents & Int16(POLLOUT) != 0
    }

    private func write(_ piece: ArraySlice<UInt8>) -> Int? {
        let written = piece.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
        if written >= 0 { return written }
        return errno == EINTR ? 0 : nil
    }
}

/// Where log lines go.
protocol LogSink: Sendable {
    /// Writes a line, its line break included, in one piece.
    ///
    /// - Parameters:
    ///   - line: the bytes.
    ///   - waits: whether to wait a short time for a slow reader.
    /// - Returns: whether the line was taken.
    func write(_ line: [UInt8], waits: Bool) -> Bool
}
