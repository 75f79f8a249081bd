// SPDX-License-Identifier: Apache-2.0

/// How log lines are written.
enum LogFormat: String, Sendable, CaseIterable {
    case logfmt, json
}
