// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The line that a process ends with which cannot go on, as where memory has run out.
enum Faults {
    /// Has a fault say so before it ends the process, unless something else looks after faults already.
    static func announce() {
        for fault in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT] {
            var present = sigaction()
            guard sigaction(fault, nil, &present) == 0, present.__sigaction_handler.sa_handler == nil else { continue }
            var announced = sigaction()
            announced.__sigaction_handler.sa_handler = { Faults.sayLastWords($0) }
            announced.sa_flags = CInt(bitPattern: SA_RESETHAND)
            sigaction(fault, &announced, nil)
        }
    }

    /// Writes the line from inside a signal handler, without allocation or lock, and ends the process by the same fault.
    private static func sayLastWords(_ fault: CInt) {
        let words: StaticString =
            "outreach-exporter: a fault ends it: memory has run out, or this is a bug; what is stored is intact\n"
        _ = write(STDERR_FILENO, words.utf8Start, words.utf8CodeUnitCount)
        raise(fault)
    }
}
