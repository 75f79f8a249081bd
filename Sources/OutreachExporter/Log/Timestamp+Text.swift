// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Glibc
internal import Outreach

extension Timestamp {
    /// The moment by the machine's clock.
    static var now: Timestamp { Timestamp(seconds: Date().timeIntervalSince1970) }

    /// The moment in UTC with milliseconds, as RFC 3339 writes it: `2026-03-14T09:26:53.589Z`.
    var text: String {
        let milliseconds = Int((seconds * 1000).rounded(.down))
        let fraction = ((milliseconds % 1000) + 1000) % 1000
        var second = (milliseconds - fraction) / 1000
        var parts = tm()
        gmtime_r(&second, &parts)
        let day = "\(padded(parts.tm_year + 1900, 4))-\(padded(parts.tm_mon + 1, 2))-\(padded(parts.tm_mday, 2))"
        let time = "\(padded(parts.tm_hour, 2)):\(padded(parts.tm_min, 2)):\(padded(parts.tm_sec, 2))"
        return "\(day)T\(time).\(padded(Int32(fraction), 3))Z"
    }
}

private func padded(_ number: Int32, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
