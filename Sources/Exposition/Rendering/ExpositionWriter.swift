// SPDX-License-Identifier: Apache-2.0

/// Writes families and samples in one of the text formats.
package struct ExpositionWriter {
    /// What was written and not yet taken.
    package private(set) var buffer: [UInt8] = []
    private var family: Family?
    private var namePrefix: [UInt8] = []
    private var headerWritten = false

    /// Starts an empty page.
    package init() {}

    /// Opens a family: its header is written before its first sample, and not at all without one.
    package mutating func open(_ family: Family) {
        self.family = family
        namePrefix = Array(family.name.utf8)
        headerWritten = false
    }

    /// Writes one sample of the open family.
    package mutating func sample(_ labels: Labels, _ value: Double) {
        if !headerWritten { writeHeader() }
        buffer += namePrefix
        if !labels.bytes.isEmpty {
            buffer.append(UInt8(ascii: "{"))
            buffer += labels.bytes
            buffer.append(UInt8(ascii: "}"))
        }
        buffer.append(UInt8(ascii: " "))
        buffer += "\(value)".utf8
        buffer.append(UInt8(ascii: "\n"))
    }

    private mutating func writeHeader() {
        guard let family else { return }
        headerWritten = true
        buffer += "# HELP \(family.name) \(family.help)\n# TYPE \(family.name) \(family.type)\n".utf8
    }
}
