// SPDX-License-Identifier: Apache-2.0

internal import CMicroHTTPD
internal import Glibc

/// libmicrohttpd's threads behind one listening socket.
struct Daemon {
    private let handle: OpaquePointer
    private let reception: Unmanaged<Reception>

    /// Starts to serve a socket; to be ended with `stop`.
    init(_ socket: ListeningSocket, reception: Reception) throws(ServerError) {
        let descriptor = try socket.duplicate()
        let configuration = reception.configuration
        self.reception = .passRetained(reception)
        let started = server_start(
            descriptor,
            UInt32(configuration.threads),
            UInt32(configuration.maxConnections),
            configuration.connectionMemory,
            configuration.tls == nil ? 0 : 1,
            ServerCallbacks(self.reception.toOpaque())
        )
        guard let started else {
            let code = errno
            self.reception.release()
            throw .cannotStart(socket.address, code: code)
        }
        handle = started
    }

    /// Closes every connection and waits for the threads to end; no connection may be suspended.
    func stop() {
        // libmicrohttpd would shut the socket down, also for the process that has passed it on and goes on to need it.
        let listener = MHD_quiesce_daemon(handle)
        MHD_stop_daemon(handle)
        close(listener)
        reception.release()
    }
}
