// SPDX-License-Identifier: Apache-2.0

internal import Configuration

/// Why there are no settings; the description tells people everything at once, a line for each reason.
enum SettingsError: Error, Hashable, CustomStringConvertible {
    /// The file cannot be read.
    case unreadable(FileError)
    /// The file is wrong in these places.
    case invalid(file: String, Problems)
    /// These variables hold what cannot be a key.
    case unusableKeys(variables: [String])
    /// There is neither a file nor a key in one of these variables.
    case nothingToCollect(variables: [String])

    var description: String {
        switch self {
        case .unreadable(let error): "\(error)"
        case .invalid(let file, let problems): problems.lines(in: file).joined(separator: "\n")
        case .unusableKeys(let variables):
            variables.map { "the environment variable \($0) holds no key: \(APIKey.rule)" }.joined(separator: "\n")
        case .nothingToCollect(let variables):
            Self.advice(variables)
        }
    }

    private static func advice(_ variables: [String]) -> String {
        let ways = [
            ("outreach-exporter demo", "no key, no network: look around first"),
            (
                "\(variables.first ?? "KEY")=… outreach-exporter",
                "one account for each of \(variables.joined(separator: ", "))"
            ),
            ("outreach-exporter --config.file=config.yml", "any number of accounts: docs/configuration.md"),
        ]
        let lines = ways.map { command, purpose in
            "  \(command)\(String(repeating: " ", count: max(2, 46 - command.count)))\(purpose)"
        }
        return (["there is no account to collect; start one of these:"] + lines).joined(separator: "\n")
    }
}
