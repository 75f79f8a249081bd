// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// A listening socket; `deinit` closes it and removes its socket file.
final class ListeningSocket: Sendable {
    /// The bound address, with the port that the system chose.
    let address: ListenAddress
    private let descriptor: Atomic<Int32>
    /// The socket file to remove.
    private let file: String?

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

    /// Takes over a socket that another process has bound; its socket file is not removed.
    init(passed descriptor: Int32) throws(ServerError) {
        address = try PassedBinding(descriptor: descriptor).open()
        self.descriptor = Atomic(descriptor)
        file = nil
    }

    deinit { close() }

    /// A duplicate descriptor, which the caller closes.
    func duplicate() throws(ServerError) -> Int32 {
        let copy = fcntl(descriptor.load(ordering: .acquiring), F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw ServerError(errno, at: address) }
        return copy
    }

    func close() {
        let open = descriptor.exchange(-1, ordering: .acquiringAndReleasing)
        guard open >= 0 else { return }
        _ = Glibc.close(open)
        if let file { unlink(file) }
    }
}

/// Opens a TCP socket for a host and a port.
struct NetworkBinding {
    let host: String?
    let port: UInt16

    private var address: ListenAddress { .network(host: host, port: port) }

    /// Opens the socket; without a host on every interface, over IPv4 alone where the machine has no IPv6.
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

    /// The first IPv4 address if there is one, because users expect `localhost` to mean 127.0.0.1.
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

    /// The port that a TCP socket is bound to.
    static func port(of descriptor: Int32) -> UInt16 {
        // The port is at the same offset in `sockaddr_in` and `sockaddr_in6`.
        var storage = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &length) }
        }
        return UInt16(bigEndian: storage.sin6_port)
    }
}

/// Adopts a socket that another process has bound, as with systemd's socket activation.
struct PassedBinding {
    let descriptor: Int32

    /// Checks the socket, makes it close-on-exec and non-blocking, and returns its address.
    func open() throws(ServerError) -> ListenAddress {
        guard option(SO_ACCEPTCONN) == 1, option(SO_TYPE) == Int32(SOCK_STREAM.rawValue), let address else {
            throw .notListening(descriptor: descriptor)
        }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        return address
    }

    private func option(_ name: Int32) -> Int32? {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, name, &value, &length) == 0 ? value : nil
    }

    private var address: ListenAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutableBytes(of: &storage) { bytes in
            guard let start = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                getsockname(descriptor, start, &length) == 0
            else { return nil }
            let family = Int32(start.pointee.sa_family)
            if family == AF_UNIX { return Self.file(bytes.prefix(Int(length))) }
            guard family == AF_INET || family == AF_INET6 else { return nil }
            return .network(host: Self.host(start, length), port: NetworkBinding.port(of: descriptor))
        }
    }

    /// The address of a Unix domain socket; an abstract name has an `@` in place of its zero byte.
    private static func file(_ address: Slice<UnsafeMutableRawBufferPointer>) -> ListenAddress {
        var name = Array(address.dropFirst(MemoryLayout<sa_family_t>.size))
        if name.first == 0 { name[0] = UInt8(ascii: "@") }
        return .unix(path: String(decoding: name.prefix { $0 != 0 }, as: UTF8.self), mode: ListenAddress.defaultMode)
    }

    /// The numeric host of an address; `nil` for every interface.
    private static func host(_ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> String? {
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        guard getnameinfo(address, length, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0 else {
            return nil
        }
        let host = String(nullTerminated: text)
        return ["::", "0.0.0.0"].contains(host) ? nil : host
    }
}

/// Opens a Unix domain socket at a path.
struct UnixBinding {
    let path: String
    let mode: UInt32

    private var address: ListenAddress { .unix(path: path, mode: mode) }

    /// Opens the socket; replaces a socket file that no process listens on any more.
    func open() throws(ServerError) -> Int32 {
        guard path.utf8.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path) else {
            throw ServerError(ENAMETOOLONG, at: address)
        }
        try removeStale()
        let descriptor = socket(AF_UNIX, Self.type, 0)
        guard descriptor >= 0 else { throw ServerError(errno, at: address) }
        // The mode is set before `listen`, so that nobody can connect under the mode of the umask.
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
        Self.withAddress(of: path) { function(descriptor, $0, $1) }
    }

    /// Passes a path as a socket address; what is too long for one is cut.
    static func withAddress<Result>(
        of path: String,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}

extension String {
    /// The text that a C function wrote to an array, up to its zero byte; `CChar` has a sign on some processors only.
    init(nullTerminated text: [CChar]) {
        self.init(decoding: text.prefix { $0 != 0 }.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
    }
}
