// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// What a command tells the person who typed it.
enum Output {
    /// Prints the result.
    static func print(_ text: String) {
        write(text.hasSuffix("\n") ? text : text + "\n", to: STDOUT_FILENO)
    }

    /// Prints why there is none.
    static func complain(_ text: String) {
        write("outreach-exporter: " + text + "\n", to: STDERR_FILENO)
    }

    /// Shows how things stand.
    static func note(_ text: String) {
        write(text, to: STDERR_FILENO)
    }

    private static func write(_ text: String, to file: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { return }
            rest = rest.dropFirst(max(count, 0))
        }
    }
}
