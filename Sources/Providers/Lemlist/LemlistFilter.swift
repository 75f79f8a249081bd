// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Outreach

/// Which messages the stats count: the window that lemlist insists on, and the account's options.
struct LemlistFilter: Sendable {
    private let start: String
    private let end: String
    private let channels: [String]?
    private let sendUser: String?
    private let abSelected: String?

    /// The day before which lemlist has no campaigns; there is no way to ask for all time.
    private static let beginning = "2018-01-01"

    /// From the account's start date to the end of a day.
    init(_ account: ProviderAccount, until day: String) {
        start = "\(account.startDate ?? Self.beginning)T00:00:00.000Z"
        end = "\(day)T23:59:59.999Z"
        channels = account.options.list("channels")
        sendUser = account.options.text("send_user")
        abSelected = account.options.text("ab_selected")
    }

    /// As a query, where the list of channels is JSON in text.
    var query: [QueryItem] {
        let channels = channels.map { "[" + $0.map { "\"\($0)\"" }.joined(separator: ",") + "]" }
        let optional = [("channels", channels), ("sendUser", sendUser), ("ABSelected", abSelected)]
        return [QueryItem("startDate", start), QueryItem("endDate", end)]
            + optional.compactMap { name, value in value.map { QueryItem(name, $0) } }
    }

    /// As the body of a batch, where the list of channels is a list.
    func body(for campaigns: [String]) -> some Encodable {
        Body(
            campaignIds: campaigns,
            startDate: start,
            endDate: end,
            channels: channels,
            sendUser: sendUser,
            ABSelected: abSelected
        )
    }

    /// The body's fields as lemlist spells them.
    private struct Body: Encodable {
        let campaignIds: [String]
        let startDate: String
        let endDate: String
        let channels: [String]?
        let sendUser: String?
        let ABSelected: String?
    }
}
