// SPDX-License-Identifier: Apache-2.0

/// The version of this program: in `--version`, `outreach_exporter_build_info`, the status page and the user agent.
///
/// The `Dockerfile` reads and writes this file, therefore it holds nothing else.
enum Build {
    /// The release; a test compares the `Dockerfile`'s `VERSION`, which becomes the image's label.
    static let version = "0.1.0"
    /// The commit; the build of the image replaces it by its argument `REVISION`.
    static let revision = "unknown"

    /// The `User-Agent` of requests to providers.
    static let userAgent = "outreach-exporter/\(version)"
    /// The text of `--version`.
    static let description = "outreach-exporter \(version) (revision \(revision), Swift \(swiftVersion))"

    /// The compiler's version, major and minor.
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
