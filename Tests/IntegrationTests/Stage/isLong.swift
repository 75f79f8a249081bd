// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Whether the tests that take minutes run too: `OUTREACH_SOAK=1`.
let isLong = ProcessInfo.processInfo.environment["OUTREACH_SOAK"] != nil
