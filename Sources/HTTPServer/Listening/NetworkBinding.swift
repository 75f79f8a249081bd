// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The way from a host and a port to a listening TCP socket.
struct NetworkBinding {
    let host: String?
    let port: UInt16

    private var address: ListenAddress { .network(host: host, port: port) }

    /// Opens the socket; without a host on every interface, over IPv4 alone where the machine knows no IPv6.
    func open() throws(ServerError) -> Int32 {
        guard let host else {
            do throws(ServerError) {
                return try open(on: "::")
            } catch  where error.isMissingFamily {
                return try open(on: "0.0.0.0")
            }
        }
        return try open(on: host)
    }

    private func open(on host: String) throws(ServerError) -> Int32 {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &list)
        guard code == 0, let list else {
            throw .unknownHost(address, reason: String(cString: gai_strerror(code)))
        }
        defer { freeaddrinfo(list) }
        return try open(Self.preferred(list).pointee)
    }

    /// The IPv4 address of a name that has both kinds, as `localhost` is expected to mean 127.0.0.1.
    private static func preferred(_ list: UnsafeMutablePointer<addrinfo>) -> UnsafeMutablePointer<addrinfo> {
        sequence(first: list, next: \.pointee.ai_next).first { $0.pointee.ai_family == AF_INET } ?? list
    }

    private func open(_ info: addrinfo) throws(ServerError) -> Int32 {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(info.ai_family, type, 0)
        guard descriptor >= 0 else { throw ServerError(errno, at: address) }
        Self.set(SOL_SOCKET, SO_REUSEADDR, to: 1, of: descriptor)
        if info.ai_family == AF_INET6 { Self.set(Int32(IPPROTO_IPV6), IPV6_V6ONLY, to: 0, of: descriptor) }
        guard bind(descriptor, info.ai_addr, info.ai_addrlen) == 0, listen(descriptor, SOMAXCONN) == 0 else {
            let code = errno
            close(descriptor)
            throw ServerError(code, at: address)
        }
        return descriptor
    }

    private static func set(_ level: Int32, _ option: Int32, to value: Int32, of descriptor: Int32) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    /// The port a TCP socket is bound to.
    static func port(of descriptor: Int32) -> UInt16 {
        // The port lies at the same place in the IPv4 and the IPv6 form.
        var storage = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &length) }
        }
        return UInt16(bigEndian: storage.sin6_port)
    }
}
