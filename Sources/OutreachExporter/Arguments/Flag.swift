// SPDX-License-Identifier: Apache-2.0

/// A flag of the command line: the parser and the help are both made from it.
struct Flag: Sendable {
    /// The name without dashes: `web.max-requests`.
    let name: String
    /// The one letter that stands for the name.
    let short: Character?
    /// What stands for the value in the help; `nil` for a flag that is there or not.
    let placeholder: String?
    /// What holds without the flag; `nil` for nothing.
    let standard: String?
    /// Whether it may be given more than once.
    let repeats: Bool
    /// What it does, for the help.
    let help: String
    /// Puts a value into the arguments, with the word whether it is the flag's first, and returns what was expected
    /// where the value does not fit.
    let apply: @Sendable (_ text: String, _ isFirst: Bool, _ arguments: inout Arguments) -> String?

    /// Describes a flag.
    init(
        name: String,
        short: Character? = nil,
        placeholder: String? = nil,
        standard: String? = nil,
        repeats: Bool = false,
        help: String,
        apply: @escaping @Sendable (_ text: String, _ isFirst: Bool, _ arguments: inout Arguments) -> String?
    ) {
        self.name = name
        self.short = short
        self.placeholder = placeholder
        self.standard = standard.flatMap { $0.isEmpty ? nil : $0 }
        self.repeats = repeats
        self.help = help
        self.apply = apply
    }
}
