// SPDX-License-Identifier: Apache-2.0

/// The families that tell about the page itself.
package enum PageFamilies {
    /// Sizes of answers.
    static let exposition = Family(
        "outreach_exporter_exposition_bytes",
        .gauge,
        "Size of the body of the last answer to a scrape, by format and encoding.",
        labels: ["format", "encoding"]
    )
    /// Samples.
    static let series = Family("outreach_exporter_series", .gauge, "Samples on this page.")

    /// All of them, in the order of the page.
    package static let all = [exposition, series]
}
