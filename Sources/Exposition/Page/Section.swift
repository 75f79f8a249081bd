// SPDX-License-Identifier: Apache-2.0

/// A part of the page that changes on its own: provider data, collection state, the process.
///
/// No family may be in two sections.
package protocol Section: Sendable {
    /// Differs after every change of what `write` would write.
    var version: UInt64 { get }

    /// The version now and after every change; who is slow sees only the newest.
    ///
    /// By default nothing: such a section is looked at when another one changes.
    func changes() -> AsyncStream<UInt64>

    /// Writes the families of this section in a stable order.
    func write(to writer: inout ExpositionWriter)
}

extension Section {
    package func changes() -> AsyncStream<UInt64> {
        AsyncStream { $0.finish() }
    }
}
