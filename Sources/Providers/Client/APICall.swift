// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

/// One call to an API, before it is a request to a server.
struct APICall: Sendable {
    /// What it means when the answer is 404.
    enum Missing: Sendable, Hashable {
        /// The thing asked for no longer exists; where `saying` is given, only if the answer says so.
        case gone(saying: String? = nil)
        /// There is no such route.
        case rejected
        /// The key belongs to nobody.
        case refused
    }

    /// The route's pattern, which is the `endpoint` label too: `/v1/campaigns/{id}/analytics`.
    let route: String
    /// What stands in place of `{id}`.
    var id = ""
    /// The query, in the order sent.
    var query: [QueryItem] = []
    /// The JSON body; with one the method is POST, without one GET.
    var body: [UInt8]?
    /// What it means when the answer is 404.
    var missing = Missing.rejected

    /// The absolute URL under a base without a slash at its end.
    func url(under base: String) -> String {
        let path = route.split(separator: "/").map { $0 == "{id}" ? id.percentEncoded : String($0) }
        let address = base + "/" + path.joined(separator: "/")
        return query.isEmpty ? address : address + "?" + query.map(\.encoded).joined(separator: "&")
    }

    /// A call that sends a value as JSON; strings, lists and objects of them always encode.
    static func post(_ route: String, _ value: some Encodable) -> APICall {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return APICall(route: route, body: (try? encoder.encode(value)).map(Array.init) ?? [])
    }
}
