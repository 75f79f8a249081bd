// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer
internal import Outreach

/// The part of the metrics page that a request asks for in its query.
///
/// `account` and `provider`, both repeatable, select accounts, and together those that both select. `self=1` selects the
/// exporter's own metrics. Other names in the query select nothing.
struct AccountSelection: Hashable {
    let accounts: Set<String>
    /// Whether the exporter's own metrics are part of it.
    let includesSelf: Bool

    /// Reads a query; `nil` if it selects nothing, and the client sees everything.
    ///
    /// - Parameters:
    ///   - query: the names and values of the request.
    ///   - known: the accounts that the client may see.
    ///   - isEverything: whether these are all accounts there are, and the exporter's own metrics may be selected.
    /// - Throws: if an account or a provider is not among them, or no account is selected by both.
    init?(
        _ query: [(name: String, value: String)],
        among known: [Account],
        isEverything: Bool = true
    ) throws(SelectionError) {
        let values = { (name: String) in Set(query.filter { $0.name == name }.map(\.value)) }
        let (names, providers) = (values("account"), values("provider"))
        includesSelf = values("self").contains("1")
        guard isEverything || !includesSelf else { throw .ownMetrics }
        guard !names.isEmpty || !providers.isEmpty else {
            guard includesSelf || !isEverything else { return nil }
            accounts = isEverything ? [] : Set(known.map(\.name))
            return
        }
        guard names.isSubset(of: known.map(\.name)), providers.isSubset(of: known.map(\.provider)) else {
            throw .unknown(among: known.count)
        }
        let selected = known.filter {
            (names.isEmpty || names.contains($0.name)) && (providers.isEmpty || providers.contains($0.provider))
        }
        guard !selected.isEmpty else { throw .unknown(among: known.count) }
        accounts = Set(selected.map(\.name))
    }
}

enum SelectionError: Error, Hashable {
    /// It names an account or a provider that is not among so many accounts.
    case unknown(among: Int)
    /// It selects the exporter's own metrics, which tell about accounts that the client may not see.
    case ownMetrics

    /// The response, which does not repeat the query.
    var response: Response {
        switch self {
        case .unknown(among: let known):
            let count = known == 1 ? "There is 1 account" : "There are \(known) accounts"
            return .text("No such account or provider. \(count); /sd lists them.\n", status: 404)
        case .ownMetrics:
            return .text("The exporter's own metrics are for users who see all accounts.\n", status: 403)
        }
    }
}
