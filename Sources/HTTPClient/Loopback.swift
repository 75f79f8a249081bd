// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The one rule for which hosts never leave this machine.
///
/// The configuration accepts plain HTTP to them without further permission, and the client bypasses every proxy for
/// them: both must mean the same hosts, or a key would travel to the proxy unencrypted.
enum Loopback {
    /// Whether connections to a host stay on this machine, whatever DNS says.
    ///
    /// These are `localhost` and the names below it, which libcurl resolves itself (RFC 6761, 6.3), `127.0.0.0/8`,
    /// `::1`, and the IPv6 form of the IPv4 addresses. `localhost.` with its final dot is a question to DNS for libcurl.
    ///
    /// - Parameter host: a host in lower case as libcurl's URL parser returns it, which has made `127.0.0.1` of
    ///   `127.1` and `0x7f000001` already; IPv6 addresses in brackets.
    /// - Returns: whether the host is one of them.
    static func contains(_ host: String) -> Bool {
        if host == "localhost" || host.hasSuffix(".localhost") { return true }
        guard host.first == "[", host.last == "]" else { return address(host, AF_INET, count: 4)?.first == 127 }
        guard let address = address(String(host.dropFirst().dropLast()), AF_INET6, count: 16) else { return false }
        let isMapped = address.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        return address.elementsEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]) || isMapped && address[12] == 127
    }

    private static func address(_ text: String, _ family: Int32, count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }
}
