// SPDX-License-Identifier: Apache-2.0

package import HTTPServer

/// How the simulator reacts to a request: an answer, or the way in which it fails to give one.
package indirect enum Reaction: Sendable {
    /// Send this.
    case respond(Response)
    /// Announce this response in full, send so many bytes of its body, then close the connection.
    case truncate(Response, afterBytes: Int)
    /// Close the connection without an answer.
    case drop
    /// Keep the connection open and never answer.
    case hang
    /// Let the time pass, then react.
    case late(Duration, Reaction)
}
