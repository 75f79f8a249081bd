// SPDX-License-Identifier: Apache-2.0

/// What the exporter is told to do, read and checked.
struct Settings: Sendable, Hashable {
    /// The accounts, in the order of the file; their names are unique.
    var accounts: [AccountSettings]
    /// The folder that keeps the last reports; `nil` keeps them in memory only.
    var storagePath: String?
    /// What one account may put on the page.
    var limits = SeriesLimits()

    /// The files that hold keys, each once.
    var keyFiles: [String] { Set(accounts.compactMap(\.keyFile)).sorted() }
}
