// SPDX-License-Identifier: Apache-2.0

extension YAMLNode {
    /// Reads a file: one document in UTF-8.
    ///
    /// - Parameters:
    ///   - bytes: the file's content; nothing at all is `null`.
    ///   - limits: what the file may ask for.
    /// - Throws: everything wrong up to the first syntax error.
    package init(parsing bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) throws(Problems) {
        var problems: [Problem] = []
        try self.init(parsing: bytes, limits: limits, noting: &problems)
        guard problems.isEmpty else { throw Problems(problems) }
    }

    /// Reads a file as far as there is sense in it; `problems` takes what is wrong but leaves a tree to read.
    ///
    /// - Throws: a syntax error, with everything wrong up to it.
    init(parsing bytes: [UInt8], limits: YAMLLimits, noting problems: inout [Problem]) throws(Problems) {
        guard bytes.count <= limits.bytes else {
            throw Problems([Problem("the file is larger than \(limits.bytes) bytes", at: .start)])
        }
        // libyaml would count a byte order mark as the first column.
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        var builder = YAMLTreeBuilder(text, limits: limits)
        self = try builder.document()
        problems += builder.problems
    }
}
