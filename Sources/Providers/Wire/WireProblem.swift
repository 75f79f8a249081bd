// SPDX-License-Identifier: Apache-2.0

/// Why JSON that parses is still not an answer.
struct WireProblem: Error, Hashable {
    /// For people; may hold a provider's words, not yet cleaned.
    let reason: String
}
