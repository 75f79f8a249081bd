// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// An address to listen on, in its command-line form: `:10447`, `127.0.0.1:0`, `[::1]:9090`, `unix:///run/x.sock`.
package enum ListenAddress: Hashable, Sendable {
    /// A TCP port; without a host (a name or an IP address) on every interface, over IPv6 and IPv4. Port 0 means any free
    /// port.
    case network(host: String?, port: UInt16)
    /// A Unix domain socket: its file is created with the permission bits `mode` and removed when the server ends.
    case unix(path: String, mode: UInt32)

    /// The permission bits of a socket file where the address names none: read and write for its user and group.
    package static let defaultMode: UInt32 = 0o660

    /// Parses an address; `nil` if it has none of the forms above.
    ///
    /// A socket file's permission bits, at most 777, are octal: `unix:///path?mode=666`.
    package init?(_ text: String) {
        if text.hasPrefix("unix://") {
            self.init(unix: text.dropFirst("unix://".count))
        } else {
            self.init(network: text)
        }
    }

    private init?(unix text: Substring) {
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts[0].hasPrefix("/"), !parts[0].utf8.contains(0) else { return nil }
        var mode = ListenAddress.defaultMode
        if parts.count == 2 {
            guard parts[1].hasPrefix("mode="), let bits = UInt32(parts[1].dropFirst("mode=".count), radix: 8),
                bits <= 0o777
            else { return nil }
            mode = bits
        }
        self = .unix(path: String(parts[0]), mode: mode)
    }

    private init?(network text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits) else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]"), host.contains(":") {
            host = host.dropFirst().dropLast()
        } else if host.contains(where: { "[]:/ ".contains($0) }) {
            return nil
        }
        self = .network(host: host.isEmpty ? nil : String(host), port: port)
    }
}

extension ListenAddress: CustomStringConvertible {
    /// The form that `init(_:)` parses.
    package var description: String {
        switch self {
        case .network(let host, let port): "\(Self.bracketed(host ?? "")):\(port)"
        case .unix(let path, ListenAddress.defaultMode): "unix://\(path)"
        case .unix(let path, let mode): "unix://\(path)?mode=\(String(mode, radix: 8))"
        }
    }

    /// The URL under which this machine reaches the server: `http://localhost:10447`; `nil` for a socket file.
    package func url(isSecure: Bool) -> String? {
        guard case .network(let host, let port) = self else { return nil }
        return "\(isSecure ? "https" : "http")://\(Self.bracketed(host ?? "localhost")):\(port)"
    }

    private static func bracketed(_ host: String) -> String {
        host.contains(":") ? "[\(host)]" : host
    }
}

/// Why a server cannot listen or serve; the description says what to do.
package enum ServerError: Error, Equatable {
    case addressInUse(ListenAddress)
    /// The user lacks the permission for this port or directory.
    case notPermitted(ListenAddress)
    /// No network interface has the address, or the name cannot be resolved.
    case unknownHost(ListenAddress, reason: String)
    /// Any other error of the system, with its `errno`.
    case cannotListen(ListenAddress, code: Int32)
    /// A passed descriptor is no listening stream socket.
    case notListening(descriptor: Int32)
    /// libmicrohttpd could not start its threads.
    case cannotStart(ListenAddress, code: Int32)
}

extension ServerError {
    /// The error for an `errno` of `socket`, `bind` or `listen`.
    init(_ code: Int32, at address: ListenAddress) {
        self =
            switch code {
            case EADDRINUSE: .addressInUse(address)
            case EACCES, EPERM: .notPermitted(address)
            case EADDRNOTAVAIL: .unknownHost(address, reason: Self.text(code))
            default: .cannotListen(address, code: code)
            }
    }

    /// Whether the machine does not support the address family.
    var isMissingFamily: Bool {
        switch self {
        case .cannotListen(_, EAFNOSUPPORT), .unknownHost: true
        default: false
        }
    }

    private static func text(_ code: Int32) -> String {
        String(cString: strerror(code))
    }
}

extension ServerError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .addressInUse(let address):
            "cannot listen on \(address): it is in use; stop the process that listens there or choose another address"
        case .notPermitted(.network(let host, let port)):
            "cannot listen on \(ListenAddress.network(host: host, port: port)): not permitted; "
                + "choose a port above 1023 or grant CAP_NET_BIND_SERVICE"
        case .notPermitted(let address):
            "cannot listen on \(address): not permitted; give this user write access to the directory"
        case .unknownHost(let address, let reason):
            "cannot listen on \(address): \(reason); name an address of this machine, or none for all of them"
        case .cannotListen(let address, let code):
            "cannot listen on \(address): \(Self.text(code))"
        case .notListening(let descriptor):
            "cannot listen on descriptor \(descriptor): it is no listening stream socket; set ListenStream= in the socket unit"
        case .cannotStart(let address, let code):
            "cannot serve \(address): \(Self.text(code)); check the limits on threads and open files"
        }
    }
}
