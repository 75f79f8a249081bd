// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The way from a descriptor that another process has passed on to a listening socket.
struct PassedBinding {
    let descriptor: Int32

    /// Makes the socket ready to be served, and finds out its address.
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

    /// The socket file of an address; an abstract name shows with an `@` for its zero byte.
    private static func file(_ address: Slice<UnsafeMutableRawBufferPointer>) -> ListenAddress {
        var name = Array(address.dropFirst(MemoryLayout<sa_family_t>.size))
        if name.first == 0 { name[0] = UInt8(ascii: "@") }
        return .unix(path: String(decoding: name.prefix { $0 != 0 }, as: UTF8.self), mode: ListenAddress.defaultMode)
    }

    /// The host of an address in numbers; `nil` for every interface.
    private static func host(_ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> String? {
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        guard getnameinfo(address, length, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0 else {
            return nil
        }
        let host = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return ["::", "0.0.0.0"].contains(host) ? nil : host
    }
}
