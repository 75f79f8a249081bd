// SPDX-License-Identifier: Apache-2.0

internal import Outreach

extension Mailbox {
    /// The part of the address behind the `@`, in lower case.
    var domain: String? {
        address.lastIndex(of: "@").map { address[address.index(after: $0)...].lowercased() }
            .flatMap { $0.isEmpty ? nil : $0 }
    }
}
