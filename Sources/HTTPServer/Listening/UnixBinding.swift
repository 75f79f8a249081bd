// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The way from a path to a listening socket file.
struct UnixBinding {
    let path: String
    let mode: UInt32

    private var address: ListenAddress { .unix(path: path, mode: mode) }

    /// Opens the socket; a file left behind by a process that is gone is replaced, one that is served is not.
    func open() throws(ServerError) -> Int32 {
        guard path.utf8.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path) else {
            throw ServerError(ENAMETOOLONG, at: address)
        }
        try removeStale()
        let descriptor = socket(AF_UNIX, Self.type, 0)
        guard descriptor >= 0 else { throw ServerError(errno, at: address) }
        // The mode is set before `listen`, so nobody connects under the mode of the umask.
        guard call(bind, on: descriptor) == 0, chmod(path, mode) == 0, listen(descriptor, SOMAXCONN) == 0 else {
            let code = errno
            close(descriptor)
            throw ServerError(code, at: address)
        }
        return descriptor
    }

    private static let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)

    private func removeStale() throws(ServerError) {
        var file = stat()
        guard lstat(path, &file) == 0 else { return }
        guard file.st_mode & S_IFMT == S_IFSOCK else { throw ServerError(EEXIST, at: address) }
        let probe = socket(AF_UNIX, Self.type, 0)
        defer { close(probe) }
        guard call(connect, on: probe) != 0, errno == ECONNREFUSED else { throw ServerError(EADDRINUSE, at: address) }
        unlink(path)
    }

    /// Calls `bind` or `connect` with the path as a socket address.
    private func call(
        _ function: (Int32, UnsafePointer<sockaddr>?, socklen_t) -> Int32,
        on descriptor: Int32
    ) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                function(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
