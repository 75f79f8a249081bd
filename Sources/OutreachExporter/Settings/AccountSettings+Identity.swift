// SPDX-License-Identifier: Apache-2.0

internal import Outreach
internal import Providers

extension AccountSettings {
    /// Everything configured for the account but its key, as a text that is the same in every process.
    var identity: String {
        let options = source.options.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let groups = "steps=\(source.steps) mailboxes=\(source.mailboxes) domains=\(source.domains)"
        let pace = "\(interval) \(maxStaleness) \(requestsPerSecond) \(concurrency) \(source.timeout)"
        let selection = "\(campaigns.include) \(campaigns.exclude) \(campaigns.statuses.map(\.rawValue).sorted())"
        let limit = campaigns.limit.map(String.init) ?? "-"
        return [source.baseURL, source.startDate ?? "-", groups, pace, selection, limit, "\(options)"]
            .joined(separator: " ")
    }
}
