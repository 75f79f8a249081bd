// SPDX-License-Identifier: Apache-2.0

package import Configuration

/// Why there are no web settings; the description tells everything at once, a line for each reason.
package enum WebSettingsError: Error, Hashable, CustomStringConvertible {
    /// The file cannot be read.
    case unreadable(FileError)
    /// The file is wrong in these places.
    case invalid(file: String, Problems)
    /// The file turns TLS on or off, which is settled at the start.
    case needsRestart(file: String)

    package var description: String {
        switch self {
        case .unreadable(let error): "\(error)"
        case .invalid(let file, let problems): problems.lines(in: file).joined(separator: "\n")
        case .needsRestart(let file): "\(file): TLS is turned on or off by a restart only"
        }
    }
}
