// SPDX-License-Identifier: Apache-2.0

internal import CMicroHTTPD
internal import Glibc

/// libmicrohttpd's threads behind one listening socket.
struct MicroHTTPD {
    private let handle: OpaquePointer
    private let reception: Unmanaged<ServerContext>

    /// Starts to serve a socket; to be ended with `stop`.
    init(_ socket: ListeningSocket, reception: ServerContext) throws(ServerError) {
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

// The functions that libmicrohttpd calls on its threads. They belong to no actor, or they would trap there.

extension ServerCallbacks {
    /// The callbacks of a server, with its reception as the context.
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

private func reception(_ context: UnsafeMutableRawPointer) -> ServerContext {
    Unmanaged.fromOpaque(context).takeUnretainedValue()
}

/// A connection was opened or is about to be closed.
private func connectionChanged(
    context: UnsafeMutableRawPointer?,
    handle: OpaquePointer?,
    slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    change: MHD_ConnectionNotificationCode
) {
    guard let context, let handle else { return }
    let reception = reception(context)
    let connection = Connection(handle)
    switch change {
    case .CONNECTION_NOTIFY_STARTED:
        reception.deadlines.open(connection.socket, reception.configuration.requestTimeout)
        slot?.pointee = encrypt(connection, reception.configuration)
    default:
        reception.deadlines.remove(connection.socket)
        if let context = slot?.pointee { Unmanaged<TLSContext>.fromOpaque(context).release() }
    }
}

/// Gives a connection the credentials of the moment, which it keeps until its end; returns the pointer to release then.
private func encrypt(_ connection: Connection, _ configuration: Server.Configuration) -> UnsafeMutableRawPointer? {
    guard let session = connection.session, let context = configuration.tls?() else { return nil }
    context.prepare(session)
    return Unmanaged.passRetained(context).toOpaque()
}

/// A request line was read: the exchange begins its life, which `requestCompleted` ends.
private func requestLineRead(
    context: UnsafeMutableRawPointer?,
    target: UnsafePointer<CChar>?,
    handle: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    guard let context, let target, let handle else { return nil }
    let reception = reception(context)
    reception.deadlines.set(reception.configuration.requestTimeout, for: Connection(handle).socket)
    let bytes = UnsafeRawBufferPointer(start: target, count: length(target))
    return Unmanaged.passRetained(Exchange(reception, target: RequestTarget(bytes))).toOpaque()
}

private func length(_ text: UnsafePointer<CChar>) -> Int {
    var end = text
    while end.pointee != 0 { end += 1 }
    return end - text
}

/// Called when the head is there, for each part of the body, when the request is complete, and after each `resume`.
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
    return exchange.answer(on: connection) ? .YES : .NO
}

/// The answer was sent, or the exchange broke off.
private func requestCompleted(
    context: UnsafeMutableRawPointer?,
    handle: OpaquePointer?,
    slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    reason: MHD_RequestTerminationCode
) {
    guard let context, let handle, let slot, let pointer = slot.pointee else { return }
    slot.pointee = nil
    let reception = reception(context)
    let socket = Connection(handle).socket
    reception.deadlines.set(reception.configuration.idleTimeout, for: socket)
    Unmanaged<Exchange>.fromOpaque(pointer).takeRetainedValue().end(over: socket)
}

/// A client's connection within libmicrohttpd.
struct Connection: Sendable {
    /// libmicrohttpd's handle.
    ///
    /// Passed between threads for `resume` alone, which may be called from any, and only once per `suspend`; until then
    /// libmicrohttpd keeps the connection.
    nonisolated(unsafe) private let handle: OpaquePointer

    init(_ handle: OpaquePointer) {
        self.handle = handle
    }

    /// The socket's descriptor, unique among open connections.
    var socket: Int32 { server_socket(handle) }

    /// The GnuTLS session; `nil` if the connection is not encrypted.
    var session: OpaquePointer? { server_session(handle).map { OpaquePointer($0) } }

    /// Leaves the connection alone until `resume`.
    func suspend() { MHD_suspend_connection(handle) }

    /// Has the request handler called again.
    func resume() { MHD_resume_connection(handle) }

    /// The header fields of the request in the order sent; names in lower case.
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

    /// Sends a response; with `end` the connection breaks after that many bytes of the body.
    ///
    /// - Returns: false if it cannot be sent and the connection has to be closed.
    func send(_ response: Response, end: Int? = nil) -> Bool {
        queue(response, end: end) || queue(.invalid)
    }

    private func queue(_ response: Response, end: Int? = nil) -> Bool {
        guard (200...599).contains(response.status), let native = ResponseBody(response.body, end: end).response()
        else {
            return false
        }
        defer { MHD_destroy_response(native) }
        // libmicrohttpd refuses line breaks in names and values.
        return response.headers.allSatisfy { MHD_add_response_header(native, $0.name, $0.value) == .YES }
            && MHD_queue_response(handle, UInt32(response.status), native) == .YES
    }
}

private func lowercase(_ name: UnsafeRawBufferPointer) -> String {
    String(decoding: name.lazy.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
}

/// The value without the white space behind it; libmicrohttpd has passed over that before it.
private func trimmed(_ value: UnsafeRawBufferPointer) -> String {
    let end = value.lastIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
    return String(decoding: value[..<(end.map { $0 + 1 } ?? 0)], as: UTF8.self)
}

/// What all requests of a running server share; the context of libmicrohttpd's callbacks.
final class ServerContext: Sendable {
    let configuration: Server.Configuration
    let handler: @Sendable (Request) -> Server.HandlerResult
    let admission: ConcurrencyLimiter
    let deadlines: ConnectionDeadlines
    /// The way of late answers to the task that waits for them.
    let late: AsyncStream<DeferredResponse>.Continuation

    init(
        _ configuration: Server.Configuration,
        late: AsyncStream<DeferredResponse>.Continuation,
        handler: @escaping @Sendable (Request) -> Server.HandlerResult
    ) {
        self.configuration = configuration
        self.handler = handler
        self.late = late
        admission = ConcurrencyLimiter(limit: configuration.maxRequests)
        deadlines = ConnectionDeadlines(capacity: configuration.maxConnections)
    }
}
