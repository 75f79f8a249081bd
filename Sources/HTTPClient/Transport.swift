// SPDX-License-Identifier: Apache-2.0

/// Something that carries one request to a server and its answer back.
package protocol Transport: Sendable {
    /// Sends a request and waits for the complete answer, whatever its status.
    ///
    /// - Throws: what kept the answer from arriving.
    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse
}
