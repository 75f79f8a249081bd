// SPDX-License-Identifier: Apache-2.0

/// An answer that is still being made, while its connection is suspended.
struct LateAnswer: Sendable {
    let exchange: Exchange
    let connection: Connection
    let make: @Sendable () async -> Server.Answer

    /// Makes the answer and wakes the connection up for it.
    func finish() async {
        settle(await make())
    }

    /// Wakes the connection up for an answer.
    func settle(_ answer: Server.Answer) {
        exchange.settle(answer)
        connection.resume()
    }
}
