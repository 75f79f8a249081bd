// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

/// A date as clients send it: a day, or an ISO 8601 timestamp with its zone.
enum WireDate {
    /// Seconds since 1970, a day being its UTC midnight; `nil` for anything else.
    static func seconds(_ text: String) -> Double? {
        let day = Date.ISO8601FormatStyle().year().month().day()
        let date = (try? Date.ISO8601FormatStyle().parse(text)) ?? (text.utf8.count == 10 ? try? day.parse(text) : nil)
        return date?.timeIntervalSince1970
    }
}
