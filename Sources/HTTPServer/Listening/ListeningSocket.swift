// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// A bound socket that clients can connect to; closed, and the file it was bound to removed, when it goes.
final class ListeningSocket: Sendable {
    /// The address with the port the system chose.
    let address: ListenAddress
    private let descriptor: Atomic<Int32>
    /// The file to remove.
    private let file: String?

    /// Binds an address and starts to queue connections.
    init(_ address: ListenAddress) throws(ServerError) {
        switch address {
        case .network(let host, let port):
            let opened = try NetworkBinding(host: host, port: port).open()
            self.address = .network(host: host, port: NetworkBinding.port(of: opened))
            descriptor = Atomic(opened)
            file = nil
        case .unix(let path, let mode):
            self.address = address
            descriptor = Atomic(try UnixBinding(path: path, mode: mode).open())
            file = path
        }
    }

    /// Takes over a socket that another process has bound; a file that it is bound to stays.
    init(passed descriptor: Int32) throws(ServerError) {
        address = try PassedBinding(descriptor: descriptor).open()
        self.descriptor = Atomic(descriptor)
        file = nil
    }

    deinit { close() }

    /// A second descriptor of the socket, for an owner that closes it.
    func duplicate() throws(ServerError) -> Int32 {
        let copy = fcntl(descriptor.load(ordering: .acquiring), F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw ServerError(errno, at: address) }
        return copy
    }

    /// Stops listening; a socket file is removed.
    func close() {
        let open = descriptor.exchange(-1, ordering: .acquiringAndReleasing)
        guard open >= 0 else { return }
        _ = Glibc.close(open)
        if let file { unlink(file) }
    }
}
