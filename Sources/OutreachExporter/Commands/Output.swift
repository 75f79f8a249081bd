// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The output of commands on the terminal.
enum Output {
    /// Prints a result to standard output.
    ///
    /// - Returns: the exit status: `status`, or 1 if the result could not be written as a whole.
    static func print(_ text: String, status: Int32 = 0) -> Int32 {
        let code = write(text.hasSuffix("\n") ? text : text + "\n", to: STDOUT_FILENO)
        guard code != 0 else { return status }
        // A reader that has seen enough, such as `head`, is no fault.
        if code != EPIPE { diagnose("cannot write to standard output: \(String(cString: strerror(code)))") }
        return 1
    }

    /// Prints an error to standard error.
    static func diagnose(_ text: String) {
        _ = write("outreach-exporter: " + text + "\n", to: STDERR_FILENO)
    }

    /// Prints the progress to standard error, without a line break.
    static func note(_ text: String) {
        _ = write(text, to: STDERR_FILENO)
    }

    /// Returns 0, or the error number.
    private static func write(_ text: String, to file: Int32) -> Int32 {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { return errno }
            rest = rest.dropFirst(max(count, 0))
        }
        return 0
    }
}
