// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// One request and its response, from the request line to the last byte sent.
///
/// libmicrohttpd calls from the one thread that owns the connection; a deferred response arrives from another.
final class Exchange: Sendable {
    private enum Phase {
        case reading, handling, sending
    }

    private struct State {
        var head: RequestHead?
        var body: [UInt8] = []
        var isTooLarge = false
        var phase = Phase.reading
        var deferredResult: Server.HandlerResult?
    }

    private let context: ServerContext
    private let target: RequestTarget
    private let state = Mutex(State())

    init(_ context: ServerContext, target: RequestTarget) {
        self.context = context
        self.target = target
    }

    /// Takes the head; if it is rejected, responds at once.
    ///
    /// - Returns: false if the connection has to be closed, as `respond` does.
    func begin(_ head: RequestHead, on connection: Connection) -> Bool {
        state.withLock { $0.head = head }
        guard let rejection = head.rejection(maxBody: context.configuration.maxBodySize) else { return true }
        return send(rejection, on: connection)
    }

    var hasBegun: Bool { state.withLock { $0.head != nil } }

    /// Takes a part of the body; what exceeds the limit is read and discarded, so that the client gets to the response.
    func receive(_ part: UnsafeRawBufferPointer) {
        let limit = context.configuration.maxBodySize
        state.withLock { state in
            state.isTooLarge = state.isTooLarge || state.body.count + part.count > limit
            if state.isTooLarge { state.body = [] } else { state.body.append(contentsOf: part) }
        }
    }

    /// Responds to the complete request; called again once a deferred response is there.
    func respond(on connection: Connection) -> Bool {
        if let result = state.withLock({ $0.deferredResult.take() }) { return deliver(result, on: connection) }
        context.deadlines.set(context.configuration.responseTimeout, for: connection.socket)
        if state.withLock(\.isTooLarge) {
            return send(.tooLarge(limit: context.configuration.maxBodySize), on: connection)
        }
        switch context.limiter.acquire() {
        case .overloaded: return send(.overloaded(limit: context.limiter.limit), on: connection)
        case .stopping: return send(.stopping, on: connection)
        case .admitted:
            state.withLock { $0.phase = .handling }
            return deliver(context.handler(takeRequest(from: connection)), on: connection)
        }
    }

    /// Ends the exchange, whether the response was sent or not.
    func end(over socket: Int32) {
        switch state.withLock(\.phase) {
        case .reading: break
        case .handling: context.limiter.release()
        case .sending: context.limiter.release(socket)
        }
    }

    private func takeRequest(from connection: Connection) -> Request {
        let (head, body) = state.withLock { state in
            defer { state.body = [] }
            return (state.head, state.body)
        }
        return Request(
            method: head?.method ?? "",
            path: target.path,
            query: target.query,
            headers: head?.headers ?? [],
            body: body,
            isLocal: connection.isLocal
        )
    }

    /// Sends a response of the server's own.
    private func send(_ response: Response, on connection: Connection) -> Bool {
        connection.send(context.configuration.ownResponse(response))
    }

    private func deliver(_ result: Server.HandlerResult, on connection: Connection) -> Bool {
        switch result {
        case .response(let response):
            if response.abort == .beforeHead { return false }
            state.withLock { $0.phase = .sending }
            context.limiter.startSending(over: connection.socket)
            return connection.send(response)
        case .deferred(let make):
            connection.suspend()
            let deferred = DeferredResponse(exchange: self, connection: connection, make: make)
            if case .terminated = context.deferred.yield(deferred) { deferred.complete(.response(.stopping)) }
            return true
        }
    }

    fileprivate func setDeferredResult(_ result: Server.HandlerResult) {
        state.withLock { $0.deferredResult = result }
    }
}

/// A response that is still being made, while its connection is suspended.
struct DeferredResponse: Sendable {
    fileprivate let exchange: Exchange
    fileprivate let connection: Connection
    fileprivate let make: @Sendable () async -> Server.HandlerResult

    /// Makes the response and resumes the connection.
    func run() async {
        complete(await make())
    }

    fileprivate func complete(_ result: Server.HandlerResult) {
        exchange.setDeferredResult(result)
        connection.resume()
    }
}
