// SPDX-License-Identifier: Apache-2.0

internal import Providers

/// The text of `--help`, made from the flags themselves.
struct Help: CustomStringConvertible {
    /// The providers whose keys may stand in the environment.
    let kinds: [any ProviderKind.Type]
    /// The command that the help is about; `nil` for all of them.
    var topic: Command?

    private static let width = 80
    private static let column = 31

    var description: String {
        let groups = FlagGroup.allCases.filter { group in topic.map { group.commands.contains($0) } ?? true }
        let variables = groups.contains(.configuration) ? [environment] : []
        let beginning = topic.map(Self.introduction) ?? [introduction, commands]
        return (beginning + groups.map(flags) + variables + [ending]).joined(separator: "\n\n")
    }

    private static func introduction(to command: Command) -> [String] {
        [command.help, "Usage: outreach-exporter \(command.rawValue) [FLAG]..."]
    }

    private var introduction: String {
        """
        Serves the numbers of cold-outreach platforms as Prometheus metrics.

        Usage: outreach-exporter [COMMAND] [FLAG]...
        """
    }

    private var commands: String {
        (["Commands:"] + Command.allCases.map { Self.row($0.rawValue, $0.help, column: 15) }).joined(separator: "\n")
    }

    private func flags(of group: FlagGroup) -> String {
        let isForAll = topic != nil || group.commands.count == Command.allCases.count
        let commands = isForAll ? "" : " (\(group.commands.map(\.rawValue).joined(separator: ", ")))"
        return (["\(group.rawValue)\(commands):"] + group.flags.map(row)).joined(separator: "\n")
    }

    private func row(of flag: Flag) -> String {
        let short = flag.short.map { "-\($0), " } ?? ""
        let value = flag.placeholder.map { "=\($0)" } ?? ""
        let standard = flag.standard.map { " [\($0)]" } ?? ""
        return Self.row("\(short)--\(flag.name)\(value)", flag.help + standard, column: Self.column)
    }

    private var environment: String {
        let rows = kinds.flatMap { kind in
            let key = Self.row(kind.keyVariable, "Key of an account at \(kind.title).", column: Self.column)
            guard kind.baseURL == nil else { return [key] }
            return [key, Self.row(kind.baseURLVariable, "Base URL of that account.", column: Self.column)]
        }
        return (["Environment, without a configuration file:"] + rows).joined(separator: "\n")
    }

    private var ending: String {
        """
        Flags take one or two dashes and "=" or a space; defaults stand in brackets.
        Exit status: 0 fine, 1 failed, 2 wrong usage, 4 backfill without what failed.
        """
    }

    /// A term and its meaning, on one line where the term is short enough.
    private static func row(_ term: String, _ meaning: String, column: Int) -> String {
        let lines = wrapped(meaning, to: width - column)
        let indent = String(repeating: " ", count: column)
        let start = "  \(term)"
        let isShort = start.count + 2 <= column
        let head = isShort ? start + indent.dropFirst(start.count) : start + "\n" + indent
        return head + lines.joined(separator: "\n" + indent)
    }

    private static func wrapped(_ text: String, to width: Int) -> [String] {
        text.split(separator: " ").reduce(into: []) { lines, word in
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
    }
}
