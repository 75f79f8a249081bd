// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Refuses requests with which a web page in somebody's browser would change something.
///
/// A browser sends requests of any page to any address that it reaches, and marks them: with `Origin`, which no request
/// other than `GET` and `HEAD` lacks (Fetch Standard, "append a request `Origin` header"), and with `Sec-Fetch-Site`
/// (Fetch Metadata), but that only to HTTPS and loopback addresses. Programs such as curl, wget and Prometheus send
/// neither and are never refused. A marked request is accepted only if
///
/// - `Sec-Fetch-Site`, if present, is `same-origin` or `none`, the latter for what the user started;
/// - `Origin`, if present, has the host and port of `Host`, or of the external URL;
/// - `Host` is an IP address, `localhost`, the machine's name, or the host of the external URL. A page on a name whose address its owner changes to
///   one of this machine (DNS rebinding) has the same origin here, but `Host` is its owner's name.
package struct CrossOriginProtection: Sendable {
    private let hostNames: [String]
    private let external: String?

    /// - Parameters:
    ///   - hostName: the machine's name; by default the system's, as hostname(1) prints it.
    ///   - external: host and port of the URL under which users reach the server through a proxy.
    package init(hostName: String = Self.systemHostName, external: String? = nil) {
        self.external = external?.lowercased()
        hostNames = [hostName.lowercased(), self.external.map(Self.withoutPort) ?? ""].filter { !$0.isEmpty }
    }

    /// The response 403 with the reason; `nil` if the request is accepted, as `GET` and `HEAD` always are.
    package func rejection(of request: Request) -> Response? {
        guard !["GET", "HEAD"].contains(request.method), let reason = reason(against: request) else { return nil }
        let advice = "Send it with a program such as curl, or use this machine's IP address or host name."
        return .text("Refused, because web pages could send this request too: \(reason).\n\(advice)\n", status: 403)
    }

    private func reason(against request: Request) -> String? {
        let (site, origin) = (request.header("sec-fetch-site"), request.header("origin"))
        guard site != nil || origin != nil else { return nil }
        if let site, !["same-origin", "none"].contains(site) { return "Sec-Fetch-Site names another site" }
        let host = (request.header("host") ?? "").lowercased()
        if let origin, ![host, external].contains(Self.authority(of: origin.lowercased()) ?? "null") {
            return "Origin differs from Host"
        }
        return isTrusted(Self.withoutPort(host)) ? nil : "Host is not a name of this machine"
    }

    /// `monitor:10447` of `http://monitor:10447`; `nil` for `null`, which stands for an origin that is kept secret.
    private static func authority(of origin: String) -> String? {
        for scheme in ["http://", "https://"] where origin.hasPrefix(scheme) {
            return String(origin.dropFirst(scheme.count))
        }
        return nil
    }

    private static func withoutPort(_ authority: String) -> String {
        guard let colon = authority.lastIndex(of: ":"),
            authority[colon...].utf8.dropFirst().allSatisfy({ (0x30...0x39).contains($0) })
        else { return authority }
        return String(authority[..<colon])
    }

    private func isTrusted(_ host: String) -> Bool {
        if host == "localhost" || hostNames.contains(host) { return true }
        guard host.hasPrefix("["), host.hasSuffix("]") else { return Self.isAddress(host, AF_INET) }
        return Self.isAddress(String(host.dropFirst().dropLast()), AF_INET6)
    }

    private static func isAddress(_ text: String, _ family: Int32) -> Bool {
        var address = in6_addr()
        return inet_pton(family, text, &address) == 1
    }

    /// The system's host name; empty if it cannot be read.
    package static var systemHostName: String {
        var name = [CChar](repeating: 0, count: Int(HOST_NAME_MAX) + 1)
        guard gethostname(&name, name.count) == 0 else { return "" }
        return String(nullTerminated: name)
    }
}
