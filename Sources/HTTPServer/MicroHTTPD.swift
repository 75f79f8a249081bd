// SPDX-License-Identifier: Apache-2.0

internal import CMicroHTTPD
internal import Glibc

/// The libmicrohttpd daemon, with its threads, of one listening socket.
struct MicroHTTPD {
    private let handle: OpaquePointer
    private let context: Unmanaged<ServerContext>

    /// Starts to serve a socket, until `stop`.
    init(_ socket: ListeningSocket, context: ServerContext) throws(ServerError) {
        let descriptor = try socket.duplicate()
        let configuration = context.configuration
        self.context = .passRetained(context)
        let started = server_start(
            descriptor,
            UInt32(configuration.threads),
            UInt32(configuration.maxConnections),
            configuration.connectionMemory,
            configuration.tls == nil ? 0 : 1,
            ServerCallbacks(self.context.toOpaque())
        )
        guard let started else {
            let code = errno
            self.context.release()
            throw .cannotStart(socket.address, code: code)
        }
        handle = started
    }

    /// Closes every connection and waits for the threads to end; no connection may be suspended.
    func stop() {
        // Without this, libmicrohttpd would shut the socket down, also for the process that has passed it on.
        let listener = MHD_quiesce_daemon(handle)
        MHD_stop_daemon(handle)
        close(listener)
        context.release()
    }
}

// The callbacks run on libmicrohttpd's threads: as closures isolated to an actor they would trap there.

extension ServerCallbacks {
    /// - Parameter context: the `ServerContext`.
    init(_ context: UnsafeMutableRawPointer) {
        self.init(
            context: context,
            connection: connectionChanged,
            requestLine: requestLineRead,
            request: requestAdvanced,
            completed: requestCompleted
        )
    }
}

/// A connection was opened or is about to be closed.
private func connectionChanged(
    context: UnsafeMutableRawPointer?,
    handle: OpaquePointer?,
    slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    change: MHD_ConnectionNotificationCode
) {
    guard let context = ServerContext.from(context), let handle else { return }
    let connection = Connection(handle)
    switch change {
    case .CONNECTION_NOTIFY_STARTED:
        context.deadlines.open(connection.socket, timeout: context.configuration.requestTimeout)
        slot?.pointee = startTLS(connection, context.configuration)
    default:
        context.deadlines.remove(connection.socket)
        if let tls = slot?.pointee { Unmanaged<TLSContext>.fromOpaque(tls).release() }
    }
}

/// Gives a connection the current TLS context; returns the reference to release when the connection ends.
private func startTLS(_ connection: Connection, _ configuration: Server.Configuration) -> UnsafeMutableRawPointer? {
    guard let session = connection.session, let context = configuration.tls?() else { return nil }
    context.prepare(session)
    return Unmanaged.passRetained(context).toOpaque()
}

/// A request line was read; returns the exchange, which `requestCompleted` releases.
private func requestLineRead(
    context: UnsafeMutableRawPointer?,
    target: UnsafePointer<CChar>?,
    handle: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    guard let context = ServerContext.from(context), let target, let handle else { return nil }
    context.deadlines.set(context.configuration.requestTimeout, for: Connection(handle).socket)
    let bytes = UnsafeRawBufferPointer(start: target, count: strlen(target))
    let exchange = Exchange(context, target: RequestTarget(bytes))
    // The target lies in libmicrohttpd's own buffer. Of the query it would make a list, with no answer at all where that
    // does not fit in the memory of the connection.
    if let mark = bytes.firstIndex(of: UInt8(ascii: "?")) { UnsafeMutablePointer(mutating: target)[mark + 1] = 0 }
    return Unmanaged.passRetained(exchange).toOpaque()
}

/// Called when the head is complete, for each part of the body, when the request is complete, and after each `resume`.
private func requestAdvanced(
    context: UnsafeMutableRawPointer?,
    handle: OpaquePointer?,
    target: UnsafePointer<CChar>?,
    method: UnsafePointer<CChar>?,
    version: UnsafePointer<CChar>?,
    upload: UnsafePointer<CChar>?,
    uploadSize: UnsafeMutablePointer<Int>?,
    slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let handle, let method, let version, let uploadSize, let pointer = slot?.pointee else { return .NO }
    let exchange = Unmanaged<Exchange>.fromOpaque(pointer).takeUnretainedValue()
    let connection = Connection(handle)
    if !exchange.hasBegun {
        let head = RequestHead(
            method: String(cString: method),
            version: String(cString: version),
            headers: connection.headers()
        )
        return exchange.begin(head, on: connection) ? .YES : .NO
    }
    if uploadSize.pointee > 0 {
        exchange.receive(UnsafeRawBufferPointer(start: upload, count: uploadSize.pointee))
        uploadSize.pointee = 0
        return .YES
    }
    return exchange.respond(on: connection) ? .YES : .NO
}

/// The response was sent, or the connection broke off.
private func requestCompleted(
    context: UnsafeMutableRawPointer?,
    handle: OpaquePointer?,
    slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    reason: MHD_RequestTerminationCode
) {
    guard let context = ServerContext.from(context), let handle, let slot, let pointer = slot.pointee else { return }
    slot.pointee = nil
    let socket = Connection(handle).socket
    context.deadlines.set(context.configuration.idleTimeout, for: socket)
    Unmanaged<Exchange>.fromOpaque(pointer).takeRetainedValue().end(over: socket)
}

/// libmicrohttpd's connection of a client.
struct Connection: Sendable {
    /// Used on other threads for `resume` alone, which libmicrohttpd allows, once per `suspend`; until then it keeps the
    /// connection.
    nonisolated(unsafe) private let handle: OpaquePointer

    init(_ handle: OpaquePointer) {
        self.handle = handle
    }

    /// The socket's descriptor, which identifies an open connection.
    var socket: Int32 { server_socket(handle) }

    /// The GnuTLS session; `nil` if the connection is not encrypted.
    var session: OpaquePointer? { server_session(handle).map { OpaquePointer($0) } }

    /// Whether the client is at a loopback address or at a Unix domain socket.
    var isLocal: Bool { server_client_is_local(handle) != 0 }

    /// Stops all callbacks until `resume`.
    func suspend() { MHD_suspend_connection(handle) }

    /// Has the request callback called again; from any thread.
    func resume() { MHD_resume_connection(handle) }

    /// The header fields of the request in the order sent, names in lower case.
    func headers() -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        withUnsafeMutablePointer(to: &fields) { list in
            _ = MHD_get_connection_values_n(
                handle,
                .HEADER_KIND,
                { list, _, name, nameLength, value, valueLength in
                    let fields = list?.assumingMemoryBound(to: [(name: String, value: String)].self)
                    let name = UnsafeRawBufferPointer(start: name, count: nameLength)
                    let value = UnsafeRawBufferPointer(start: value, count: valueLength)
                    fields?.pointee.append((lowercase(name), trimmed(value)))
                    return .YES
                },
                list
            )
        }
        return fields
    }

    /// Sends a response, or 500 if it is invalid.
    ///
    /// - Returns: false if nothing can be sent and the connection has to be closed.
    func send(_ response: Response) -> Bool {
        queue(response) || queue(.invalid)
    }

    private func queue(_ response: Response) -> Bool {
        guard (200...599).contains(response.status), let native = ResponseBody(of: response).makeNativeResponse()
        else { return false }
        defer { MHD_destroy_response(native) }
        // libmicrohttpd rejects line breaks in names and values.
        return response.headers.allSatisfy { MHD_add_response_header(native, $0.name, $0.value) == .YES }
            && MHD_queue_response(handle, UInt32(response.status), native) == .YES
    }
}

private func lowercase(_ name: UnsafeRawBufferPointer) -> String {
    String(decoding: name.lazy.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
}

/// The value without trailing whitespace; libmicrohttpd has removed the leading.
private func trimmed(_ value: UnsafeRawBufferPointer) -> String {
    let end = value.lastIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
    return String(decoding: value[..<(end.map { $0 + 1 } ?? 0)], as: UTF8.self)
}

/// The state that all requests of a running server share; the context of libmicrohttpd's callbacks.
final class ServerContext: Sendable {
    let configuration: Server.Configuration
    let handler: @Sendable (Request) -> Server.HandlerResult
    let limiter: ConcurrencyLimiter
    let deadlines: ConnectionDeadlines
    /// Passes deferred responses to the server's task, which makes them.
    let deferred: AsyncStream<DeferredResponse>.Continuation

    init(
        _ configuration: Server.Configuration,
        deferred: AsyncStream<DeferredResponse>.Continuation,
        handler: @escaping @Sendable (Request) -> Server.HandlerResult
    ) {
        self.configuration = configuration
        self.handler = handler
        self.deferred = deferred
        limiter = ConcurrencyLimiter(limit: configuration.maxRequests)
        deadlines = ConnectionDeadlines(capacity: configuration.maxConnections)
    }

    fileprivate static func from(_ pointer: UnsafeMutableRawPointer?) -> ServerContext? {
        pointer.map { Unmanaged.fromOpaque($0).takeUnretainedValue() }
    }
}
