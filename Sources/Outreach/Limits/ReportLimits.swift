// SPDX-License-Identifier: Apache-2.0

/// What one account may put on the page.
///
/// Prometheus has such limits as well, but there one value too many fails the whole scrape.
package struct ReportLimits: Sendable, Hashable {
    /// The series of an account at most.
    package var series: Int
    /// The bytes of a label value at most, in UTF-8.
    package var labelValueLength: Int

    /// Sets limits; what is left out is unlimited.
    package init(series: Int = .max, labelValueLength: Int = .max) {
        self.series = series
        self.labelValueLength = labelValueLength
    }

    /// Shortens what is too long, then leaves out what is too much.
    package func applied(to report: AccountReport) -> LimitedReport {
        var shortener = LabelShortener(limit: labelValueLength)
        let short = shortener.shorten(report)
        let whole = SeriesBudget(series).keep(short)
        return LimitedReport(
            report: whole,
            droppedSeries: short.seriesCount - whole.seriesCount,
            shortenedLabels: shortener.count
        )
    }
}
