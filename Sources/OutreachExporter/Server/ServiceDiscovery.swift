// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import FoundationEssentials
internal import HTTPServer
internal import Outreach

/// The targets of Prometheus's HTTP service discovery: one per account, and mostly one for the exporter itself.
///
/// Servers and agents that share the targets, by `hashmod` for example, share the accounts, and together they have every
/// series once.
struct ServiceDiscovery {
    /// A group of targets as the documentation of `http_sd_config` defines it.
    private struct TargetGroup: Encodable {
        let targets: [String]
        let labels: [String: String]
    }

    /// The path of the metrics page, with its prefix.
    let metricsPath: String
    /// Whether the server takes TLS connections only.
    let isSecure: Bool
    /// The accounts, with what the configuration says about them.
    let accounts: [AccountStatus]
    /// Whether there is a target for the exporter itself.
    var includesExporter = true

    /// The response to a request.
    ///
    /// The address of the targets is the one at which the client reached this server, from the field `Host`.
    func response(to request: Request) -> Response {
        guard let host = request.header("host"), !host.isEmpty else {
            return .text("Targets need an address: send a Host field.\n", status: 400)
        }
        let common = ["__metrics_path__": metricsPath, "__scheme__": isSecure ? "https" : "http"]
        let groups = accounts.sorted { $0.account < $1.account }.map { status in
            let (account, client) = (status.account, status.attribution.client)
            return TargetGroup(
                targets: [host],
                labels: common.merging(
                    [
                        "__param_account": account.name, "provider": account.provider, "account": account.name,
                        "client": client.isEmpty ? nil : client,
                    ].compactMapValues(\.self)
                ) { $1 }
            )
        }
        let own = TargetGroup(targets: [host], labels: common.merging(["__param_self": "1"]) { $1 })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings can always be encoded.
        let body = (try? encoder.encode(groups + (includesExporter ? [own] : []))).map(Array.init) ?? []
        return Response(
            headers: [(name: "Content-Type", value: "application/json"), (name: "Cache-Control", value: "no-store")],
            body: [body]
        )
    }
}
