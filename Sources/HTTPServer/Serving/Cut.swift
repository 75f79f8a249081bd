// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Ends a client's connection from any thread; libmicrohttpd sees the end of the stream and closes the socket.
///
/// The caller makes sure that the descriptor is still the client's.
func cut(_ socket: Int32) {
    // What a client does not read must not stay in the kernel after the close.
    var abort = linger(l_onoff: 1, l_linger: 0)
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &abort, socklen_t(MemoryLayout<linger>.size))
    shutdown(socket, Int32(SHUT_RDWR))
}
