// SPDX-License-Identifier: Apache-2.0

/// A part of the page that changes on its own: provider data, collection state, the process.
package protocol Section: Sendable {
    /// Grows with every change of what `write` would write.
    var version: UInt64 { get }

    /// Writes the families of this section in a stable order.
    func write(to writer: inout ExpositionWriter)
}
