// SPDX-License-Identifier: Apache-2.0

internal import CMicroHTTPD

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

private func reception(_ context: UnsafeMutableRawPointer) -> Reception {
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
