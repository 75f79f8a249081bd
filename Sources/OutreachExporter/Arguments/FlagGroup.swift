// SPDX-License-Identifier: Apache-2.0

/// A group of flags in the help, in its order; the raw value is its heading.
enum FlagGroup: String, CaseIterable {
    case configuration = "Configuration"
    case web = "Web"
    case simulator = "Simulator"
    case history = "Past"
    case log = "Log"
    case other = "Other"

    /// The commands that its flags mean something to.
    var commands: [Command] {
        switch self {
        case .configuration: [.run, .check, .backfill]
        case .web: [.run, .demo]
        case .simulator: [.demo, .simulate]
        case .history: [.backfill]
        case .log, .other: Command.allCases
        }
    }
}
