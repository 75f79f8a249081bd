// SPDX-License-Identifier: Apache-2.0

/// What all requests of a running server share; the context of libmicrohttpd's callbacks.
final class Reception: Sendable {
    let configuration: Server.Configuration
    let handler: @Sendable (Request) -> Server.Answer
    let admission: Admission
    let deadlines: Deadlines
    /// The way of late answers to the task that waits for them.
    let late: AsyncStream<LateAnswer>.Continuation

    init(
        _ configuration: Server.Configuration,
        late: AsyncStream<LateAnswer>.Continuation,
        handler: @escaping @Sendable (Request) -> Server.Answer
    ) {
        self.configuration = configuration
        self.handler = handler
        self.late = late
        admission = Admission(limit: configuration.maxRequests)
        deadlines = Deadlines(capacity: configuration.maxConnections)
    }
}
