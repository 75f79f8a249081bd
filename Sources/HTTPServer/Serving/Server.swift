// SPDX-License-Identifier: Apache-2.0

/// An HTTP/1.1 server.
///
/// ```swift
/// let server = try Server(.init(addresses: [.network(host: nil, port: 10447)])) { request in
///     .response(.text("You asked for \(request.path).\n"))
/// }
/// try await server.run()
/// ```
package final class Server: Sendable {
    private let configuration: Configuration
    private let handler: @Sendable (Request) -> Answer
    private let sockets: [ListeningSocket]

    /// Where the server listens, in the order of the configuration, passed sockets last, with the ports that the system chose.
    package var addresses: [ListenAddress] { sockets.map(\.address) }

    /// Binds the addresses; clients can connect, and wait for `run`.
    ///
    /// - Parameters:
    ///   - configuration: where to listen and what to put up with.
    ///   - handler: called on the server's threads, several at once; the other clients of its thread wait while it runs.
    /// - Throws: what keeps an address from being listened on.
    package init(
        _ configuration: Configuration,
        handler: @escaping @Sendable (Request) -> Answer
    ) throws(ServerError) {
        self.configuration = configuration
        self.handler = handler
        var sockets: [ListeningSocket] = []
        for address in configuration.addresses { sockets.append(try ListeningSocket(address)) }
        for descriptor in configuration.passedSockets { sockets.append(try ListeningSocket(passed: descriptor)) }
        self.sockets = sockets
    }

    /// Serves until cancelled, once; late answers are cancelled too, the others get the configured time to be sent.
    ///
    /// - Throws: `cannotStart` if the system has no threads or descriptors left.
    package func run() async throws(ServerError) {
        defer { sockets.forEach { $0.close() } }
        let (late, continuation) = AsyncStream.makeStream(of: LateAnswer.self)
        let reception = Reception(configuration, late: continuation, handler: handler)
        var daemons: [Daemon] = []
        defer { daemons.forEach { $0.stop() } }
        for socket in sockets { daemons.append(try Daemon(socket, reception: reception)) }
        await wait(reception, late)
    }

    /// Makes late answers and watches the deadlines until cancelled, then waits for the answers under way.
    private func wait(_ reception: Reception, _ late: AsyncStream<LateAnswer>) async {
        let configuration = configuration
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await reception.deadlines.enforce(every: configuration.deadlineInterval) }
                for await answer in late { group.addTask { await answer.finish() } }
            }
            await reception.admission.emptied()
        } onCancel: {
            reception.admission.close()
            Task {
                try? await Task.sleep(for: configuration.stopTimeout)
                reception.admission.abandon()
            }
        }
    }
}
