// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// One request and its answer, from the request line to the last byte sent.
///
/// libmicrohttpd calls from the one thread that has the connection; a late answer comes from another.
final class Exchange: Sendable {
    private enum Stage {
        case reading, making, sending
    }

    private struct State {
        var head: RequestHead?
        var body: [UInt8] = []
        var isTooLarge = false
        var stage = Stage.reading
        var answer: Server.HandlerResult?
    }

    private let reception: ServerContext
    private let target: RequestTarget
    private let state = Mutex(State())

    init(_ reception: ServerContext, target: RequestTarget) {
        self.reception = reception
        self.target = target
    }

    /// Takes the head; a head that is refused is answered at once and its connection closed.
    ///
    /// - Returns: false if the connection has to be closed; so does `answer`.
    func begin(_ head: RequestHead, on connection: Connection) -> Bool {
        state.withLock { $0.head = head }
        guard let refusal = head.refusal(maxBody: reception.configuration.maxBodySize) else { return true }
        return connection.send(refusal)
    }

    /// Whether the head has been taken.
    var hasBegun: Bool { state.withLock { $0.head != nil } }

    /// Takes a part of the body; what is beyond the limit is read and forgotten, so that the client gets to the answer.
    func receive(_ part: UnsafeRawBufferPointer) {
        let limit = reception.configuration.maxBodySize
        state.withLock { state in
            state.isTooLarge = state.isTooLarge || state.body.count + part.count > limit
            if state.isTooLarge { state.body = [] } else { state.body.append(contentsOf: part) }
        }
    }

    /// Answers the complete request, or sends the late answer that has been settled.
    func answer(on connection: Connection) -> Bool {
        if let answer = state.withLock({ $0.answer.take() }) { return deliver(answer, on: connection) }
        reception.deadlines.set(reception.configuration.answerTimeout, for: connection.socket)
        if state.withLock(\.isTooLarge) {
            return connection.send(.tooLarge(limit: reception.configuration.maxBodySize))
        }
        switch reception.admission.enter() {
        case .overloaded: return connection.send(.overloaded(limit: reception.admission.limit))
        case .stopping: return connection.send(.stopping)
        case .admitted:
            state.withLock { $0.stage = .making }
            return deliver(reception.handler(request()), on: connection)
        }
    }

    /// Keeps an answer until the connection comes back for it.
    func settle(_ answer: Server.HandlerResult) {
        state.withLock { $0.answer = answer }
    }

    /// Ends the exchange, sent or broken off.
    func end(over socket: Int32) {
        switch state.withLock(\.stage) {
        case .reading: break
        case .making: reception.admission.leave()
        case .sending: reception.admission.leave(socket)
        }
    }

    private func request() -> Request {
        let (head, body) = state.withLock { state in
            defer { state.body = [] }
            return (state.head, state.body)
        }
        return Request(
            method: head?.method ?? "",
            path: target.path,
            query: target.query,
            headers: head?.headers ?? [],
            body: body
        )
    }

    private func send(_ response: Response, end: Int? = nil, on connection: Connection) -> Bool {
        state.withLock { $0.stage = .sending }
        reception.admission.send(over: connection.socket)
        return connection.send(response, end: end)
    }

    private func deliver(_ answer: Server.HandlerResult, on connection: Connection) -> Bool {
        switch answer {
        case .response(let response): return send(response, on: connection)
        case .truncated(let response, let end): return send(response, end: end, on: connection)
        case .drop: return false
        case .later(let make):
            connection.suspend()
            let late = DeferredResponse(exchange: self, connection: connection, make: make)
            if case .terminated = reception.late.yield(late) { late.settle(.response(.stopping)) }
            return true
        }
    }
}

/// An answer that is still being made, while its connection is suspended.
struct DeferredResponse: Sendable {
    let exchange: Exchange
    let connection: Connection
    let make: @Sendable () async -> Server.HandlerResult

    /// Makes the answer and wakes the connection up for it.
    func finish() async {
        settle(await make())
    }

    /// Wakes the connection up for an answer.
    func settle(_ answer: Server.HandlerResult) {
        exchange.settle(answer)
        connection.resume()
    }
}
