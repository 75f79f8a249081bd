// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Why a server cannot serve; the text says what to do.
package enum ServerError: Error, Equatable {
    /// Another process listens there.
    case addressInUse(ListenAddress)
    /// The system does not let this user listen there.
    case notPermitted(ListenAddress)
    /// No network interface has such an address, or the name is unknown.
    case unknownHost(ListenAddress, reason: String)
    /// Anything else the system says, with its error number.
    case cannotListen(ListenAddress, code: Int32)
    /// What another process has passed on is no socket that clients can connect to.
    case notListening(descriptor: Int32)
    /// The threads could not be started.
    case cannotStart(ListenAddress, code: Int32)
}

extension ServerError {
    /// Sorts an error number of `socket`, `bind` or `listen`.
    init(_ code: Int32, at address: ListenAddress) {
        self =
            switch code {
            case EADDRINUSE: .addressInUse(address)
            case EACCES, EPERM: .notPermitted(address)
            case EADDRNOTAVAIL: .unknownHost(address, reason: Self.text(code))
            default: .cannotListen(address, code: code)
            }
    }

    /// Whether the machine knows no addresses of the kind that was asked for.
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
    /// One line: the address, the reason, and what to do.
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
