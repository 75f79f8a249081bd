// SPDX-License-Identifier: Apache-2.0

internal import Configuration

/// Parses a command line: first the command, then flags with one or two dashes, `=` or a space before the value.
struct ArgumentParser {
    private(set) var arguments = Arguments()
    private(set) var reasons: [String] = []
    private var rest: ArraySlice<String>
    private var seen: Set<String> = []

    /// Takes the command line without the program's name.
    init(_ words: [String]) {
        rest = words[...]
    }

    mutating func parse() {
        if let command = rest.first.flatMap(Command.init) {
            arguments.command = command
            rest = rest.dropFirst()
            parse(topicAfter: command)
        }
        while let word = rest.popFirst() {
            if Self.isFlag(word) {
                parse(flag: word)
            } else {
                refuse(word)
            }
        }
        if arguments.accountsFile != nil, arguments.webConfigFile == nil {
            reasons.append("--web.accounts.file needs --web.config.file, which has the passwords of the users")
        }
        if !arguments.asksForHelp { arguments.helpTopic = nil }
    }

    /// Notes what help is about: the command that follows `help`, or the one that `--help` follows.
    private mutating func parse(topicAfter command: Command) {
        switch command {
        case .version: arguments.asksForVersion = true
        case .help:
            arguments.asksForHelp = true
            arguments.helpTopic = rest.first.flatMap(Command.init)
            if arguments.helpTopic != nil { rest = rest.dropFirst() }
        default: arguments.helpTopic = command
        }
    }

    private static func isFlag(_ word: String) -> Bool {
        word.hasPrefix("-") && word != "-" && word != "--"
    }

    private mutating func parse(flag word: String) {
        let parts = word.drop { $0 == "-" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts.first ?? "")
        guard let (flag, group) = Self.flag(named: name) else { return refuse(unknown: name) }
        guard let text = parts.dropFirst().first.map({ String($0) }) ?? value(following: flag) else {
            reasons.append("--\(flag.name) needs a value: --\(flag.name)=\(flag.placeholder ?? "")")
            return
        }
        let isFirst = seen.insert(flag.name).inserted
        if !isFirst && !flag.repeats {
            reasons.append("--\(flag.name) is given more than once")
        }
        if !group.isAccepted(by: arguments.command) {
            let names = group.commands.map(\.rawValue)
            let commands = [names.dropLast().joined(separator: ", "), names.last ?? ""].joined(separator: " and ")
            reasons.append("--\(flag.name) means nothing to \(arguments.command.rawValue): it belongs to \(commands)")
        }
        if let expected = flag.apply(text, isFirst, &arguments) {
            reasons.append("--\(flag.name): \(text.quoted) is not \(expected)")
        }
    }

    private static func flag(named name: String) -> (Flag, FlagGroup)? {
        for group in FlagGroup.allCases {
            if let flag = group.flags.first(where: { $0.name == name || $0.short.map { "\($0)" } == name }) {
                return (flag, group)
            }
        }
        return nil
    }

    /// The value of a flag without `=`: `true` for one that takes none, else the next argument unless that is a flag.
    private mutating func value(following flag: Flag) -> String? {
        guard flag.placeholder != nil else { return "true" }
        guard let next = rest.first, !Self.isFlag(next) else { return nil }
        return rest.popFirst()
    }

    private mutating func refuse(unknown name: String) {
        let near = FlagGroup.allCases.flatMap(\.flags).map(\.name).nearest(to: name)
        reasons.append("unknown flag --\(name)" + (near.map { ": did you mean --\($0)?" } ?? ""))
    }

    private mutating func refuse(_ word: String) {
        let commands = Command.allCases.map(\.rawValue)
        if commands.contains(word) {
            reasons.append("the command \(word) must stand in front of everything else")
        } else {
            let hint = commands.nearest(to: word).map { "did you mean \($0)?" }
            reasons.append(
                "unexpected argument \(word.quoted): "
                    + (hint ?? "the commands are \(commands.joined(separator: ", ")), and flags start with a dash")
            )
        }
    }
}
