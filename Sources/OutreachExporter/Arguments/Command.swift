// SPDX-License-Identifier: Apache-2.0

/// What the program is asked to do.
enum Command: String, Sendable, CaseIterable {
    case run, demo, simulate, check, backfill, catalogue

    /// One line for the help.
    var help: String {
        switch self {
        case .run: "Collect and serve metrics; the command may be left out."
        case .demo: "The same against the built-in simulator: no key, no network."
        case .simulate: "Only the simulator, to try dashboards, alerts and clients on."
        case .check: "Read the configuration and try every key with one cheap call."
        case .backfill: "Write what the providers know of the past, for Prometheus."
        case .catalogue: "Print every metric and where it comes from, as Markdown."
        }
    }
}
