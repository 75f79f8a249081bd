// SPDX-License-Identifier: Apache-2.0

import Outreach
import Testing

@testable import Providers

@Suite struct RetryAfterTests {
    /// 1994-11-06 08:49:00 UTC.
    private static let now = Timestamp(seconds: 784_111_740)

    @Test(
        "Seconds and dates are understood",
        arguments: [
            ("7", 7), ("0", 0), ("1.5", 1.5), ("-3", 0), ("999999999", 3_600), ("1e300", 3_600),
            ("Sun, 06 Nov 1994 08:49:37 GMT", 37), ("Sun, 06 Nov 1994 08:40:00 GMT", 0),
            ("Mon, 31 Oct 1994 08:49:37 GMT", 0), ("Thu, 01 Dec 1994 08:49:37 GMT", 3_600),
            ("Sun, 06 Nov 2094 08:49:37 GMT", 3_600),
        ]
    )
    func understood(_ text: String, _ seconds: Double) {
        #expect(Duration(retryAfter: text, now: Self.now) == .seconds(seconds))
    }

    @Test(
        "Anything else is no wait",
        arguments: [
            "", "soon", "nan", "inf", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 99 Nov 1994 08:49:37 GMT",
            "Tue Feb 16 2021 09:02:42 GMT+0100 (Central European Standard Time)",
        ]
    )
    func refused(_ text: String) {
        #expect(Duration(retryAfter: text, now: Self.now) == nil)
    }
}
