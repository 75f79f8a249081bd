// SPDX-License-Identifier: Apache-2.0

/// The counters of the providers' numbers on a page: values by name and labels.
typealias Counters = [String: Double]

extension Counters {
    /// Reads a page.
    init(_ page: [UInt8]) {
        self = [:]
        for line in String(decoding: page, as: UTF8.self).split(separator: "\n") {
            let things = ["outreach_campaign_", "outreach_step_", "outreach_mailbox_"]
            guard things.contains(where: line.hasPrefix), line.prefix(while: { $0 != "{" }).hasSuffix("_total"),
                let space = line.lastIndex(of: " ")
            else { continue }
            self[String(line[..<space])] = Double(line[line.index(after: space)...])
        }
    }

    /// Those of campaigns and steps.
    var ofCampaigns: Counters { filter { !$0.key.hasPrefix("outreach_mailbox_") } }

    /// Those that are lower here than they were.
    func fallen(since before: Counters) -> [String] {
        before.keys.sorted().compactMap { key in
            guard let now = self[key], let then = before[key], now < then else { return nil }
            return "\(key) fell from \(then) to \(now)"
        }
    }

    /// Takes over what is higher or new in others.
    mutating func raise(to others: Counters) {
        merge(others) { Swift.max($0, $1) }
    }
}
