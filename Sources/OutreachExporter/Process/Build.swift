// SPDX-License-Identifier: Apache-2.0

/// Which build this is.
enum Build {
    /// The release.
    static let version = "0.1.0"
    /// The commit it was made from; the image's build writes it in.
    static let revision = "unknown"

    /// How the exporter names itself to providers.
    static let userAgent = "outreach-exporter/\(version)"
    /// What `--version` prints.
    static let description = "outreach-exporter \(version) (revision \(revision), Swift \(swiftVersion))"

    /// The compiler's version.
    static var swiftVersion: String {
        #if compiler(>=6.4)
            "6.4"
        #elseif compiler(>=6.3)
            "6.3"
        #else
            "6.2"
        #endif
    }
}
