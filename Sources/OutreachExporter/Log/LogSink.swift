// SPDX-License-Identifier: Apache-2.0

/// Where log lines go.
protocol LogSink: Sendable {
    /// Writes a line, its line break included, in one piece.
    ///
    /// - Parameters:
    ///   - line: the bytes.
    ///   - patiently: whether to wait a moment for a reader that is behind.
    /// - Returns: whether the line was taken.
    func write(_ line: [UInt8], patiently: Bool) -> Bool
}
