// SPDX-License-Identifier: Apache-2.0

extension Server {
    /// What a handler does with a request.
    package enum Answer: Sendable {
        /// Sends a response.
        case response(Response)
        /// Answers when the closure returns, without holding a thread.
        ///
        /// It is cancelled when the server stops, which waits for it. Meanwhile nobody looks whether the client is still there.
        case later(@Sendable () async -> Answer)
        /// Closes the connection after this many bytes of the body, though the head promises all of it.
        case truncated(Response, after: Int)
        /// Closes the connection without a word.
        case drop
    }
}
