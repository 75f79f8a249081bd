// SPDX-License-Identifier: Apache-2.0

extension [UInt8] {
    /// Appends a label value: backslash, quote and newline escaped, everything else as it is.
    package mutating func appendEscaped(_ value: String) {
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): self += [UInt8(ascii: "\\"), UInt8(ascii: "\\")]
            case UInt8(ascii: "\""): self += [UInt8(ascii: "\\"), UInt8(ascii: "\"")]
            case UInt8(ascii: "\n"): self += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            default: append(byte)
            }
        }
    }
}
