// SPDX-License-Identifier: Apache-2.0

extension Arguments {
    /// Reads a command line.
    ///
    /// - Parameter words: what follows the program's name.
    /// - Throws: everything that is wrong with it, at once; nothing where it asks for help.
    init(parsing words: [String]) throws(UsageError) {
        var parser = ArgumentParser(words)
        parser.parse()
        guard parser.reasons.isEmpty || parser.arguments.asksForHelp else { throw UsageError(reasons: parser.reasons) }
        self = parser.arguments
    }
}
