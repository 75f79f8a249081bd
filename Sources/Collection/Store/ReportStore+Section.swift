// SPDX-License-Identifier: Apache-2.0

package import Exposition
internal import Outreach

/// The part of the page that shows what the providers say.
extension ReportStore: Section {
    package func write(to writer: inout ExpositionWriter) {
        ReportWriter(reports).write(to: &writer)
    }
}
