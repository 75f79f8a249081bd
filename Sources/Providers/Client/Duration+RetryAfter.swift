// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Outreach

extension Duration {
    /// The longest wait that is believed.
    private static let longest = 3_600.0
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Reads a `Retry-After` field: seconds, or an HTTP date (RFC 9110 §5.6.7); at most an hour.
    init?(retryAfter text: String, now: Timestamp) {
        let wait = Double(text) ?? Self.date(text).map { $0 - now.seconds }
        guard let wait, wait.isFinite else { return nil }
        self = .seconds(min(max(wait, 0), Self.longest))
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT` in seconds since the epoch.
    private static func date(_ text: String) -> Double? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])) else {
            return nil
        }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return try? Date("\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z", strategy: .iso8601).timeIntervalSince1970
    }
}
