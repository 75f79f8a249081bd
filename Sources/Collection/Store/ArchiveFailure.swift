// SPDX-License-Identifier: Apache-2.0

/// Why an archive could not be read or written, and what to do about it.
package struct ArchiveFailure: Error, Hashable, Sendable {
    /// What happened.
    package let reason: String
    /// What to do.
    package let advice: String

    /// Describes a failure.
    package init(reason: String, advice: String) {
        self.reason = reason
        self.advice = advice
    }
}

extension ArchiveFailure {
    /// Data of another account or in a format that this version does not read.
    static func foreign(format: Int) -> ArchiveFailure {
        ArchiveFailure(
            reason: "saved for another account or in format \(format)",
            advice: "nothing to do: the next collection replaces it"
        )
    }
}
